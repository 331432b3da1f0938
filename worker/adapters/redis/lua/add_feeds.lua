-- Register feeds, or change who asked for them. ARGV: origin (user or config), mark, then per feed: id, url, host, name, every
-- The configuration never overrides a user: what was added or named stays so, what was removed stays removed.
-- A name or an interval that is '' keeps the one there is. `mark` ('' = none) is remembered in the same step, as what was synced last.
-- A URL that a feed moved to stands for that feed. Returns how many are new.
local origin, mark = unpack(ARGV, 1, 2)
local now, new = now_ms(), 0

-- A removed feed that is added by its own URL is there again, and no longer where it had moved.
local function moved_back(id)
  local moved = redis.call('HGETALL', P .. 'feeds:moved')
  for i = 1, #moved, 2 do
    if moved[i + 1] == id then redis.call('HDEL', P .. 'feeds:moved', moved[i]) end
  end
end

local function register(named, url, host, name, every)
  local id = redis.call('HGET', P .. 'feeds:moved', named) or named
  local key = P .. 'feed:' .. id
  local before = redis.call('HGET', key, 'origin')
  if before and before ~= 'config' and origin == 'config' then return end
  if before == 'removed' and id == named then moved_back(id) end
  if before == 'removed' and redis.call('ZREM', P .. 'running', 'feed:' .. id) == 1 then
    -- Its poll in hand comes to nothing. The permit is given back here, since its host may be another one from now on;
    -- whatever the concurrency is, that leaves one free.
    release(redis.call('HGET', key, 'host'), math.huge)
  end
  if not before or before == 'removed' then redis.call('HSET', key, 'url', url, 'host', host) end
  redis.call('HSET', key, 'origin', origin)
  if name ~= '' then redis.call('HSET', key, 'name', name) end
  if every ~= '' then redis.call('HSET', key, 'every', every) end
  redis.call('HSETNX', key, 'token', 0)
  redis.call('SADD', P .. 'feeds:known', id)
  -- One that is gone (410) is polled again when a user asks for it.
  local polled = redis.call('ZSCORE', P .. 'feeds:due', id)
  if polled or (before and before ~= 'removed' and origin == 'config') then return end
  redis.call('ZADD', P .. 'feeds:due', now, id)
  new = new + 1
end

for i = 3, #ARGV, 5 do register(unpack(ARGV, i, i + 4)) end
if mark ~= '' then redis.call('SET', P .. 'feeds:synced', mark) end
return new
