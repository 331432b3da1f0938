-- Let a published article be looked at again as soon as its host permits. ARGV: id
-- Returns 1, or 0 when it was not published, or is not kept any longer.
local id = unpack(ARGV, 1, 1)
local state = redis.call('HMGET', P .. 'edition:' .. id, 'version', 'outcome')
if not state[1] or state[1] == '0' then return 0 end
redis.call('ZADD', P .. 'rechecks', now_ms(), id)
return 1
