-- Ask for one extra request to a host, outside its queue (a feed or a robots.txt that was redirected to it).
-- It is not counted as busy, since nobody would give that back if its worker died: spacing alone bounds such requests.
-- ARGV: host, default spacing ms, concurrency. Returns 0 = granted, else the ms to wait.
local host, spacing, concurrency = unpack(ARGV, 1, 3)
local now = now_ms()
local state = redis.call('HMGET', P .. 'host:' .. host, 'slot', 'starting', 'busy')
spacing = spacing_of(host, spacing)
local slot = tonumber(state[1] or '0')
if slot > now then return slot - now end
local occupied = tonumber(state[2] or '0') > now or tonumber(state[3] or '0') >= tonumber(concurrency)
if occupied then return math.max(spacing, 1000) end
not_before(host, now + spacing, concurrency)
return 0
