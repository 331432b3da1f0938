-- Let feeds be polled later, and say why; on a full Redis above all.
-- ARGV: why, ms until that ends by itself
-- Returns 1 if that is new, else 0. Cost: a few us.
return redis.call('SET', P .. 'pressure', ARGV[1], 'PX', ARGV[2], 'GET') and 0 or 1
