-- Claim an item that was handed out. ARGV: item, token, stage ('' for feeds), lease ms, default spacing ms, concurrency
-- Returns the record's fields and values, or an empty list: not its turn (done, newer token, claimed before, or an
-- article while the breaker is open: the sweep brings it back).
-- So each hand-out runs at most once, however often the broker delivers its message.
local item, token, stage, lease, spacing, concurrency = unpack(ARGV, 1, 6)
local key, now = record(item), now_ms()
local state = redis.call('HMGET', key, 'token', 'claimed', 'stage', 'attempts', 'host', 'tried')
if state[1] ~= token or state[2] == '1' then return {} end
if stage ~= '' and (state[3] ~= stage or paused(now)) then return {} end
redis.call('HSET', key, 'claimed', 1, 'attempts', (tonumber(state[4]) or 0) + 1)
if stage ~= '' and not state[6] then redis.call('HSET', key, 'tried', now) end
redis.call('ZADD', P .. 'running', now + lease, item)
if stage ~= 'process' then -- the request to the host starts now
  redis.call('HDEL', P .. 'host:' .. state[5], 'starting')
  not_before(state[5], now + spacing_of(state[5], spacing), concurrency)
end
return redis.call('HGETALL', key)
