-- Claim an item that was handed out. ARGV: item, token, stage ('' for feeds), lease ms
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
redis.call('ZADD', P .. 'running', now_ms() + ARGV[4], ARGV[1])
return redis.call('HGETALL', key)
