-- Stop polling a feed; its state stays, so that adding it again doubles nothing. ARGV: id
-- Returns 1 when it was there.
local key = P .. 'feed:' .. ARGV[1]
local origin = redis.call('HGET', key, 'origin')
if not origin or origin == 'removed' then return 0 end
redis.call('HSET', key, 'origin', 'removed')
redis.call('ZREM', P .. 'feeds:due', ARGV[1])
return 1
