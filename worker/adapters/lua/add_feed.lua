-- Register a feed, or change who asked for it. ARGV: id, url, host, name, origin
-- A feed that a user removed stays removed when the configuration names it again. Returns 1 when it is new.
local key = P .. 'feed:' .. ARGV[1]
local origin = redis.call('HGET', key, 'origin')
if origin == 'removed' and ARGV[5] == 'config' then return 0 end
if not origin or origin == 'removed' then redis.call('HSET', key, 'url', ARGV[2], 'host', ARGV[3]) end -- it may have moved
redis.call('HSET', key, 'name', ARGV[4], 'origin', ARGV[5])
redis.call('HSETNX', key, 'token', 0)
redis.call('SADD', P .. 'feeds:known', ARGV[1])
-- One that is gone (410) is polled again when a user asks for it.
local polled = redis.call('ZSCORE', P .. 'feeds:due', ARGV[1])
if polled or (origin and origin ~= 'removed' and ARGV[5] == 'config') then return 0 end
redis.call('ZADD', P .. 'feeds:due', now_ms(), ARGV[1])
return 1
