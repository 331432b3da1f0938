-- Forget editions, the oldest first, until the rest is young enough and fits its budget.
-- ARGV: budget in bytes, oldest ms, limit. Returns the references of pages that nothing needs any more.
local oldest = now_ms() - ARGV[2]
local kept = redis.call('ZRANGE', P .. 'kept', 0, ARGV[3] - 1, 'WITHSCORES')
for i = 1, #kept, 2 do
  local bytes = tonumber(redis.call('GET', P .. 'kept:bytes') or '0')
  if bytes <= tonumber(ARGV[1]) and tonumber(kept[i + 1]) > oldest then break end
  forget(kept[i])
end
return redis.call('SPOP', P .. 'spare', ARGV[3])
