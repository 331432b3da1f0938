-- Forget editions, the oldest first, until the rest is young enough and fits its budget.
-- ARGV: budget in bytes, oldest ms, limit. Returns the references of pages that nothing needs any more.
local budget, longest, limit = unpack(ARGV, 1, 3)
local oldest = now_ms() - longest
local kept = redis.call('ZRANGE', P .. 'kept', 0, limit - 1, 'WITHSCORES')
for i = 1, #kept, 2 do
  local bytes = tonumber(redis.call('GET', P .. 'kept:bytes') or '0')
  if bytes <= tonumber(budget) and tonumber(kept[i + 1]) > oldest then break end
  forget(kept[i])
end
return redis.call('SPOP', P .. 'spare', limit)
