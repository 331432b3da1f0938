-- Remember how a host answered: its new spacing, that it is well, how long it wants to be left alone.
-- ARGV: host, spacing ms, ms since its answer began, ms to leave it alone, 1 when it answered 2xx, concurrency
local key, now = P .. 'host:' .. ARGV[1], now_ms()
redis.call('HSET', key, 'spacing', ARGV[2])
if ARGV[5] == '1' then redis.call('HSET', key, 'ok', now) end
not_before(ARGV[1], math.max(now - ARGV[3] + ARGV[2], now + ARGV[4]), ARGV[6])
return 1
