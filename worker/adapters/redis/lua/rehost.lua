-- An article was redirected to another host: it goes on in that host's queue, under its permit and its rules.
-- ARGV: id, token, URL it was redirected to, that URL's host, most hops, concurrency. Returns BACK, EXHAUSTED or STALE.
local id, token, url, host, most, concurrency = unpack(ARGV, 1, 6)
if not holds(id, token) then return 'STALE' end
local now, job = now_ms(), record(id)
if redis.call('HINCRBY', job, 'hops', 1) > tonumber(most) then return 'EXHAUSTED' end
local before = redis.call('HGET', job, 'host')
redis.call('HINCRBY', job, 'attempts', -1)
redis.call('HINCRBY', job, 'token', 1)
redis.call('HSETNX', job, 'origin', before)
redis.call('HSET', job, 'claimed', 0, 'hop', url, 'host', host)
redis.call('ZREM', P .. 'running', id)
release(before, concurrency)
enqueue(host, id, now, concurrency)
return 'BACK'
