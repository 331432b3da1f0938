-- Give up a dead article: it counts as dropped from now on, and what was kept of it is forgotten.
-- ARGV: id, length of a seen bucket ms, reason. Returns 1, or 0 when it is not dead.
local id, bucket = ARGV[1], math.floor(now_ms() / ARGV[2])
local label = outcome_of(bucket, id)
if not label or string.sub(label, 1, 5) ~= 'dead:' then return 0 end
see(bucket, id, 'dropped:' .. ARGV[3], ARGV[2])
redis.call('HINCRBY', P .. 'counts', label, -1)
redis.call('HINCRBY', P .. 'counts', 'dropped:' .. ARGV[3], 1)
if redis.call('EXISTS', P .. 'edition:' .. id) == 1 then forget(id) end
return 1
