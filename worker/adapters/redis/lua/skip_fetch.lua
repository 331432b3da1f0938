-- An admitted article's page is there already: to the process stage at once, before any tick takes it.
-- ARGV: id, page reference. Returns 1 when done, 0 when a tick was faster (then it is fetched, and fails).
local id, job = ARGV[1], record(ARGV[1])
local host = redis.call('HGET', job, 'host')
if redis.call('ZREM', P .. 'queue:' .. host, id) == 0 then return 0 end
redis.call('HSET', job, 'stage', 'process', 'page', ARGV[2])
redis.call('ZADD', P .. 'running', now_ms(), id)
return 1
