-- Register a feed, or change who asked for it. ARGV: id, url, host, name, origin
-- A feed that a user removed stays removed when the configuration names it again. Returns 1 when it is new.
local key = P .. 'feed:' .. ARGV[1]
local origin = redis.call('HGET', key, 'origin')
if origin == 'removed' and ARGV[5] == 'config' then return 0 end
redis.call('HSET', key, 'url', ARGV[2], 'host', ARGV[3], 'name', ARGV[4], 'origin', ARGV[5])
redis.call('HSETNX', key, 'token', 0)
redis.call('SADD', P .. 'feeds:known', ARGV[1])
if origin and origin ~= 'removed' then return 0 end
redis.call('ZADD', P .. 'feeds:due', now_ms(), ARGV[1])
return 1
