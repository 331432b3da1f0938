-- End the re-check of a published article: publish what changed, keep that as its snapshot, say when to look again.
-- ARGV: id, token, what it came to, wait ms (-1: never again), 1 when it was missing, concurrency,
--       content and page of the new version ('' and '' when nothing changed), then the events (see publish)
-- Returns the page that is not needed any more ('' for none), or STALE: this token does not hold it.
-- A version that somebody else published meanwhile (a replay) is left alone, and looked at again.
local id, token, came, wait, missing, concurrency, content, page = unpack(ARGV, 1, 8)
if not holds(id, token) then return 'STALE' end
local now, job, key = now_ms(), record(id), P .. 'edition:' .. id
local mine = redis.call('HMGET', job, 'version', 'page', 'was', 'stage', 'host', 'etag', 'modified')
local known = redis.call('HMGET', key, 'version', 'page', 'bytes', 'content')
local spare = mine[2]
if known[1] == mine[1] then
  publish(9)
  if content ~= '' then
    if page == '' then page = known[2] end
    local function size(ref) return tonumber(string.match(ref, '-(%d+)$') or '0') end
    local more = #content - #known[4] + size(page) - size(known[2])
    redis.call('HSET', key, 'content', content, 'page', page, 'outcome', came == 'withdrawn' and came or 'published')
    redis.call('HINCRBY', key, 'version', 1)
    redis.call('HINCRBY', key, 'bytes', more)
    weigh(redis.call('HGET', key, 'feed') or '', more)
    if page ~= known[2] then spare = known[2] end
  end
  -- Those of a page that could not be read would hide it until it changes again.
  if mine[6] and came ~= 'recheck_failed' then redis.call('HSET', key, 'etag', mine[6], 'modified', mine[7]) end
  redis.call('HSET', key, 'looked', now)
  if missing == '1' then redis.call('HINCRBY', key, 'missing', 1) else redis.call('HDEL', key, 'missing') end
else
  came = 'overtaken'
end
if known[1] and wait ~= '-1' then redis.call('ZADD', P .. 'rechecks', 'LT', now + wait, id) end
redis.call('HINCRBY', P .. 'rechecked', came, 1)
redis.call('ZREM', P .. 'running', id)
if mine[4] == 'fetch' then release(mine[5], concurrency) end
if mine[4] == 'process' and came ~= 'recheck_failed' then redis.call('DEL', P .. 'breaker') end
redis.call('UNLINK', job)
if spare == redis.call('HGET', key, 'page') then return '' end
return spare
