-- Claim an item that was handed out. ARGV: item, token, stage ('' for feeds), lease ms, default spacing ms, concurrency
-- Returns the record's fields and values, or an empty list: not its turn (done, newer token, claimed before, or an
-- article while the breaker is open: the sweep brings it back).
-- So each hand-out runs at most once, however often the broker delivers its message.
if not holds(ARGV[1], ARGV[2]) then return {} end
if ARGV[3] ~= '' and paused(now_ms()) then return {} end
local key = record(ARGV[1])
local state = redis.call('HMGET', key, 'claimed', 'stage')
if state[1] == '1' or (ARGV[3] ~= '' and state[2] ~= ARGV[3]) then return {} end
redis.call('HSET', key, 'claimed', 1)
redis.call('HINCRBY', key, 'attempts', 1)
local now = now_ms()
if ARGV[3] ~= '' then redis.call('HSETNX', key, 'tried', now) end
redis.call('ZADD', P .. 'running', now + ARGV[4], ARGV[1])
if ARGV[3] ~= 'process' then -- the request to the host starts now
  local host = redis.call('HGET', key, 'host')
  redis.call('HDEL', P .. 'host:' .. host, 'starting')
  not_before(host, now + spacing_of(host, ARGV[5]), ARGV[6])
end
return redis.call('HGETALL', key)
