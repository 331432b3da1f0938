-- Bring back what a dead worker held. ARGV: limit, most crashes, lease ms, concurrency
-- An article whose worker dies each time is out of attempts by its crashes alone; failures that were reported count elsewhere.
-- Returns {number put back, {id, token, ...} to process again, {id, token, ...} out of attempts}.
local limit, most, lease, concurrency = unpack(ARGV, 1, 4)
local now = now_ms()
most = tonumber(most)
local back, again, spent = 0, {}, {}
for _, item in ipairs(redis.call('ZRANGEBYSCORE', P .. 'running', '-inf', now, 'LIMIT', 0, limit)) do
  local key = record(item)
  local state = redis.call('HMGET', key, 'stage', 'host', 'crashes', 'claimed')
  local unstarted = state[2] and state[4] == '0' and state[1] ~= 'process'
  if unstarted then redis.call('HDEL', P .. 'host:' .. state[2], 'starting') end
  if not state[2] then
    redis.call('ZREM', P .. 'running', item)
  elseif key == P .. item then -- a feed: its due time hands it out again
    redis.call('ZREM', P .. 'running', item)
    redis.call('HINCRBY', key, 'token', 1)
    redis.call('ZADD', P .. 'feeds:due', 'XX', now, string.sub(item, 6))
    release(state[2], concurrency)
    back = back + 1
  else
    local token = redis.call('HINCRBY', key, 'token', 1)
    local crashes = redis.call('HINCRBY', key, 'crashes', tonumber(state[4]))
    redis.call('HSET', key, 'claimed', 0)
    if crashes >= most then
      redis.call('ZADD', P .. 'running', now + lease, item)
      spent[#spent + 1] = item
      spent[#spent + 1] = token
    elseif state[1] == 'fetch' then
      redis.call('ZREM', P .. 'running', item)
      redis.call('ZADD', P .. 'queue:' .. state[2], now, item)
      release(state[2], concurrency)
      back = back + 1
    else
      redis.call('ZADD', P .. 'running', now + lease, item)
      again[#again + 1] = item
      again[#again + 1] = token
    end
  end
end
return {back, again, spent}
