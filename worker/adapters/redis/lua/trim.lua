-- Trim a stream from its old end, and never what a group still needs.
-- ARGV: stream, longest time that entries are kept ms, how many more entries to trim for want of room, most entries to trim in
--       one call, then pairs: a group for which not everything is held, how old an entry may be to be held for it ms
-- Returns how many entries went. XTRIM on its own takes what nobody has read.
-- Cost: a few us a group, and 0.1 us an entry that goes.
local stream, keep, surplus, most = unpack(ARGV, 1, 4)
local key, now = P .. stream, now_ms()
most = tonumber(most)
local held = {}
for i = 5, #ARGV, 2 do held[ARGV[i]] = ARGV[i + 1] end

local floor
for _, group in ipairs(groups_of(key)) do
  local id, oldest = group.oldest, held[group.name] and now - held[group.name] .. '-0'
  if id and oldest and older(id, oldest) then id = oldest end
  if id and (not floor or older(id, floor)) then floor = id end
end

local trimmed = 0
local function trim(id, limit)
  if floor and older(floor, id) then id = floor end
  trimmed = trimmed + redis.call('XTRIM', key, 'MINID', '~', id, 'LIMIT', limit)
end
trim(math.max(0, now - keep) .. '-0', most)
local more = math.min(tonumber(surplus) - trimmed, most)
if more > 0 then trim(now + 1 .. '-0', more) end
return trimmed
