-- Ask for one extra request to a host, outside its queue (a redirect, robots.txt).
-- ARGV: host, default spacing ms. Returns 0 = granted, else the ms to wait.
local key, now = P .. 'host:' .. ARGV[1], now_ms()
local state = redis.call('HMGET', key, 'slot', 'spacing')
local slot = tonumber(state[1] or '0')
if slot > now then return slot - now end
redis.call('HSET', key, 'slot', now + math.max(tonumber(ARGV[2]), tonumber(state[2] or '0')))
redis.call('EXPIRE', key, 604800)
return 0
