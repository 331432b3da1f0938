-- Let feeds be polled later, and say why; on a full Redis above all.
-- ARGV: why, ms until that ends by itself
-- Returns 1 if that is new, else 0. Cost: a few us.
local reason, span = unpack(ARGV, 1, 2)
return redis.call('SET', P .. 'pressure', reason, 'PX', span, 'GET') and 0 or 1
