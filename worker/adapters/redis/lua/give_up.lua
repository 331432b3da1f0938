-- Give up a dead article: it counts as dropped from now on, and what was kept of it is forgotten.
-- ARGV: id, length of a seen bucket ms, reason. Returns 1, or 0 when it is not dead.
local id, length, reason = unpack(ARGV, 1, 3)
local bucket = math.floor(now_ms() / length)
local label = outcome_of(bucket, id)
if not label or string.sub(label, 1, 5) ~= 'dead:' then return 0 end
see(bucket, id, 'dropped:' .. reason, length)
redis.call('HINCRBY', P .. 'counts', label, -1)
redis.call('HINCRBY', P .. 'counts', 'dropped:' .. reason, 1)
if redis.call('EXISTS', P .. 'edition:' .. id) == 1 then forget(id) end
return 1
