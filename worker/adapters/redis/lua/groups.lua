-- How far the consumer groups of a stream are.
-- ARGV: stream, most entries to count of a group
-- Returns for each group: name, consumers, pending, entries not delivered yet, 1 if that is only the least, ms since the oldest
--   entry that it did not acknowledge was published (0: none), ms since one of its consumers last called (-1: it has none),
--   ms since it was warned of (-1: it was not)
-- XINFO's own lag is nil after XDEL, and too large after a trim below what a group had read: on Redis 7.0 for ever. So what can be
-- counted is counted. Cost: a few us a group, and 10 us an entry that is counted.
local stream, most = unpack(ARGV, 1, 2)
local key, now = P .. stream, now_ms()
most = tonumber(most)
local out = {}

local function waiting(group)
  if not group.unread then return 0, 0 end
  local length = redis.call('XLEN', key)
  if redis.call('XRANGE', key, '-', '+', 'COUNT', 1)[1][1] == group.unread then return length, 0 end
  local count = #redis.call('XRANGE', key, group.unread, '+', 'COUNT', most)
  if count < most then return count, 0 end
  if not group.lag then return count, 1 end
  return math.max(count, math.min(group.lag, length)), 0
end

local function idle(group)
  local least = -1
  for _, row in ipairs(redis.call('XINFO', 'CONSUMERS', key, group.name)) do
    for i = 1, #row, 2 do
      if row[i] == 'idle' and (least < 0 or row[i + 1] < least) then least = row[i + 1] end
    end
  end
  return least
end

local function warned(group)
  local when = redis.call('HGET', P .. 'groups:warned', stream .. '/' .. group.name)
  return when and now - when or -1
end

for _, group in ipairs(groups_of(key)) do
  local count, is_least = waiting(group)
  local behind = group.oldest and math.max(0, now - string.match(group.oldest, '%d+')) or 0
  out[#out + 1] = {group.name, group.consumers, group.pending, count, is_least, behind, idle(group), warned(group)}
end
return out
