-- Give an article its one outcome, and publish its events, in one step. The first to finish wins.
-- ARGV: id, token, outcome, reason, canonical id, length of a seen bucket ms, concurrency, content of the snapshot,
--       ms to its first re-check (-1: none), 1 to do nothing when the canonical article was published before, then the
--       events (see publish)
-- Returns the outcome that was recorded ('duplicate' when the canonical article was published before), TAKEN or STALE.
-- A Lua script is not rolled back: what can fail (XADD) comes first, deletes come last.
local id, token, outcome, reason, canonical, length, concurrency, content, recheck, unless_taken = unpack(ARGV, 1, 10)
if not holds(id, token) then return 'STALE' end
local now, job = now_ms(), record(id)
local bucket = math.floor(now / length)

if outcome == 'published' and was_published(bucket, canonical) then
  if unless_taken == '1' then return 'TAKEN' end
  outcome = 'duplicate'
end
if outcome ~= 'duplicate' then publish(11) end

local label = outcome
if reason ~= '' then label = outcome .. ':' .. reason end
-- An alias may have published this very id before; that must stay known, or a third URL would publish it again.
if not was_published(bucket, id) then see(bucket, id, label, length) end
if outcome == 'published' then see(bucket, canonical, 'published', length) end
redis.call('HINCRBY', P .. 'counts', label, 1)
local state = redis.call('HMGET', job, 'stage', 'host', 'page')
redis.call('ZREM', P .. 'running', id)
redis.call('ZREM', P .. 'jobs', id)
if state[1] == 'fetch' then release(state[2], concurrency) end
if outcome == 'published' or outcome == 'duplicate' then redis.call('DEL', P .. 'breaker') end

local kept = outcome == 'published' and canonical or id
-- What an alias published under this id while this one was open outlives its drop.
local stands = outcome ~= 'published' and tonumber(redis.call('HGET', P .. 'edition:' .. kept, 'version') or '0') > 0
if not state[3] or outcome == 'duplicate' or stands then
  if stands and state[3] then redis.call('SADD', P .. 'spare', state[3]) end
  redis.call('UNLINK', job)
  return outcome
end
forget(kept)
redis.call('SREM', P .. 'spare', state[3])
local bytes = #content + tonumber(string.match(state[3], '-(%d+)$') or '0')
local origin = redis.call('HGET', job, 'origin')
if origin then redis.call('HSET', job, 'host', origin) end
redis.call('HDEL', job, 'stage', 'token', 'claimed', 'attempts', 'crashes', 'tried', 'reason', 'hop', 'hops', 'origin',
  'trace')
redis.call('HSET', job, 'outcome', label, 'article', canonical, 'content', content, 'bytes', bytes,
  'version', outcome == 'published' and 1 or 0)
redis.call('RENAME', job, P .. 'edition:' .. kept)
local feed = redis.call('HGET', P .. 'edition:' .. kept, 'feed') or ''
redis.call('ZADD', P .. 'kept', now, kept)
redis.call('ZADD', P .. 'kept:of:' .. feed, now, kept)
weigh(feed, bytes)
if outcome == 'published' and recheck ~= '-1' then redis.call('ZADD', P .. 'rechecks', now + recheck, kept) end
return outcome
