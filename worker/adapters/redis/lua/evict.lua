-- Forget snapshots until the rest is young enough and fits its budget: the oldest of the feed that takes most, if that
-- is more than its share, else the oldest of all. So no feed can make another's go.
-- ARGV: budget in bytes, share of a feed in bytes, longest ms, limit. Returns pages that nothing needs any more.
local budget, share, longest, limit = unpack(ARGV, 1, 4)
local oldest = now_ms() - longest

local function one_too_much()
  local most = redis.call('ZREVRANGE', P .. 'kept:feeds', 0, 0, 'WITHSCORES')
  if #most == 0 or tonumber(most[2]) <= tonumber(share) then return nil end
  return redis.call('ZRANGE', P .. 'kept:of:' .. most[1], 0, 0)[1]
end

for _ = 1, limit do
  local first = redis.call('ZRANGE', P .. 'kept', 0, 0, 'WITHSCORES')
  if #first == 0 then break end
  if tonumber(first[2]) <= oldest then
    forget(first[1])
  elseif tonumber(redis.call('GET', P .. 'kept:bytes') or '0') > tonumber(budget) then
    forget(one_too_much() or first[1])
  else
    break
  end
end
return redis.call('SPOP', P .. 'spare', limit)
