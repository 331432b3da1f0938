-- An admitted article's page is there already: to the process stage at once, before any tick takes it.
-- ARGV: id, page reference. Returns 1 when done, 0 when a tick was faster (then it is fetched, and fails).
local id, page = unpack(ARGV, 1, 2)
local job = record(id)
local host = redis.call('HGET', job, 'host')
if redis.call('ZREM', P .. 'queue:' .. host, id) == 0 then return 0 end
redis.call('HSET', job, 'stage', 'process', 'page', page)
redis.call('ZADD', P .. 'running', now_ms(), id)
return 1
