-- Stop polling a feed; its state stays, so that adding it again doubles nothing. ARGV: id
-- It leaves its host's queue too, and a poll in hand comes to nothing: its token is an older one then.
-- Returns 1 when it was there.
local id = unpack(ARGV, 1, 1)
local key = P .. 'feed:' .. id
local state = redis.call('HMGET', key, 'origin', 'host')
if not state[1] or state[1] == 'removed' then return 0 end
redis.call('HSET', key, 'origin', 'removed')
redis.call('HINCRBY', key, 'token', 1)
redis.call('ZREM', P .. 'feeds:due', id)
redis.call('ZREM', P .. 'queue:' .. state[2], 'feed:' .. id)
return 1
