-- Put an article that was handed out back: after a failure that may pass, or because its host is not ready.
-- ARGV: id, token, delay ms, 1 when this attempt counts, most attempts, longest ms, reason, concurrency,
--       patience ms: a failed fetch says more of the host than of the article, so all attempts must be spent and this over
-- Returns BACK, EXHAUSTED (nothing changed: too many attempts, or for too long) or STALE.
local id, token, delay, counts, attempts, max_age, reason, concurrency, patience = unpack(ARGV, 1, 9)
if not holds(id, token) then return 'STALE' end
local now, job = now_ms(), record(id)
local state = redis.call('HMGET', job, 'attempts', 'tried', 'stage', 'host', 'claimed')
local age = now - tonumber(state[2] or now) -- since its first try: time in which nobody worked is not held against it
if age > tonumber(max_age) then return 'EXHAUSTED' end
if counts == '1' then
  local least = state[3] == 'fetch' and tonumber(patience) or 0
  if tonumber(state[1]) >= tonumber(attempts) and age >= least then return 'EXHAUSTED' end
elseif state[5] == '1' then -- a hand-out whose claim failed was no attempt
  redis.call('HINCRBY', job, 'attempts', -1)
end
redis.call('HINCRBY', job, 'token', 1)
redis.call('HSET', job, 'claimed', 0, 'reason', reason)
if reason == 'page_expired' then -- fetch it again; it holds no permit of its host
  redis.call('HSET', job, 'stage', 'fetch')
  redis.call('HDEL', job, 'etag', 'modified') -- of the page that is gone; they would have it answered with 304
  redis.call('ZREM', P .. 'running', id)
  enqueue(state[4], id, now + delay, concurrency)
elseif state[3] == 'fetch' then
  redis.call('ZREM', P .. 'running', id)
  redis.call('ZADD', P .. 'queue:' .. state[4], now + delay, id)
  release(state[4], concurrency)
else
  redis.call('ZADD', P .. 'running', now + delay, id)  -- the sweep hands it out again
end
return 'BACK'
