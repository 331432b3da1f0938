-- Register feeds, or change who asked for them. ARGV: origin (user or config), mark, then per feed: id, url, host, name
-- The configuration never overrides a user: what was added or named stays so, what was removed stays removed.
-- A name that is '' keeps the one there is. `mark` ('' = none) is remembered in the same step, as what was synced last.
-- Returns how many are new.
local origin, mark, now, new = ARGV[1], ARGV[2], now_ms(), 0

local function register(id, url, host, name)
  local key = P .. 'feed:' .. id
  local before = redis.call('HGET', key, 'origin')
  if before and before ~= 'config' and origin == 'config' then return end
  if not before or before == 'removed' then redis.call('HSET', key, 'url', url, 'host', host) end -- it may have moved
  redis.call('HSET', key, 'origin', origin)
  if name ~= '' then redis.call('HSET', key, 'name', name) end
  redis.call('HSETNX', key, 'token', 0)
  redis.call('SADD', P .. 'feeds:known', id)
  -- One that is gone (410) is polled again when a user asks for it.
  local polled = redis.call('ZSCORE', P .. 'feeds:due', id)
  if polled or (before and before ~= 'removed' and origin == 'config') then return end
  redis.call('ZADD', P .. 'feeds:due', now, id)
  new = new + 1
end

for i = 3, #ARGV, 4 do register(unpack(ARGV, i, i + 3)) end
if mark ~= '' then redis.call('SET', P .. 'feeds:synced', mark) end
return new
