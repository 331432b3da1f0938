-- Trim a stream from its old end, and never what a group still needs.
-- ARGV: stream, longest time that entries are kept ms, ms after which a group that does not acknowledge counts as abandoned,
--       how many more entries to trim for want of room, most entries to trim in one call
-- Returns {trimmed, {group, ms since the oldest entry that it did not acknowledge (0: none), ...}}
-- XTRIM on its own takes what nobody has read. Cost: a few us a group, and 0.1 us an entry that goes.
local key, now, most = P .. ARGV[1], now_ms(), tonumber(ARGV[5])
if redis.call('EXISTS', key) == 0 then return {0, {}} end

-- "ms-seq" as a pair of numbers.
local function parts(id)
  local ms, seq = string.match(id, '(%d+)-(%d+)')
  return tonumber(ms), tonumber(seq)
end

local function older(one, other)
  local ms, seq = parts(one)
  local other_ms, other_seq = parts(other)
  return ms < other_ms or (ms == other_ms and seq < other_seq)
end

-- The oldest entry that a group has not acknowledged; nil when it has all.
local function needed(group)
  local pending = redis.call('XPENDING', key, group.name)
  if pending[1] > 0 then return pending[2] end
  local unread = redis.call('XRANGE', key, '(' .. group['last-delivered-id'], '+', 'COUNT', 1)[1]
  return unread and unread[1]
end

local floor, groups = nil, {}
for _, row in ipairs(redis.call('XINFO', 'GROUPS', key)) do
  local group = {}
  for i = 1, #row, 2 do group[row[i]] = row[i + 1] end
  local id = needed(group)
  local behind = id and math.max(0, now - parts(id)) or 0
  groups[#groups + 1] = group.name
  groups[#groups + 1] = behind
  if id and behind < tonumber(ARGV[3]) and (not floor or older(id, floor)) then floor = id end
end

local trimmed = 0
local function trim(id, limit)
  if floor and older(floor, id) then id = floor end
  trimmed = trimmed + redis.call('XTRIM', key, 'MINID', '~', id, 'LIMIT', limit)
end
trim(math.max(0, now - ARGV[2]) .. '-0', most)
local more = math.min(tonumber(ARGV[4]) - trimmed, most)
if more > 0 then trim(now + 1 .. '-0', more) end
return {trimmed, groups}
