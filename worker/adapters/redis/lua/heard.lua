-- Remember how a host answered: its new spacing, that it is well, how long it wants to be left alone.
-- ARGV: host, spacing ms, ms since its answer began, ms to leave it alone, 1 when it answered 2xx, concurrency
local host, spacing, age, hold, ok, concurrency = unpack(ARGV, 1, 6)
local key, now = P .. 'host:' .. host, now_ms()
redis.call('HSET', key, 'spacing', spacing)
if ok == '1' then redis.call('HSET', key, 'ok', now) end
not_before(host, math.max(now - age + spacing, now + hold), concurrency)
return 1
