-- Put a dead article on its way again, with all its attempts: from its page where that was kept, else from its URL.
-- ARGV: id, length of a seen bucket ms, concurrency, url, host, feed
-- Returns 1, or 0 when it is not dead.
local id, length, concurrency, url, host, feed = unpack(ARGV, 1, 6)
local now = now_ms()
local bucket = math.floor(now / length)
local label = outcome_of(bucket, id)
if not label or string.sub(label, 1, 5) ~= 'dead:' then return 0 end

-- Its token is larger than any that it had, so that nobody who held it before its death holds it again.
local job, kept = record(id), P .. 'edition:' .. id
redis.call('ZADD', P .. 'jobs', now, id)
if redis.call('HEXISTS', kept, 'page') == 1 then
  unkeep(id, redis.call('HGET', kept, 'feed') or '', tonumber(redis.call('HGET', kept, 'bytes')))
  redis.call('RENAME', kept, job)
  redis.call('HDEL', job, 'outcome', 'article', 'content', 'bytes', 'version')
  redis.call('HSET', job, 'stage', 'process', 'token', now, 'attempts', 0, 'crashes', 0, 'claimed', 0)
  redis.call('ZADD', P .. 'running', now, id) -- the sweep hands it out
else
  redis.call('HSET', job, 'url', url, 'host', host, 'feed', feed, 'entry', '{}',
    'stage', 'fetch', 'token', now, 'attempts', 0, 'crashes', 0, 'claimed', 0, 'found', now)
  enqueue(host, id, now, concurrency)
end
see(bucket, id, '', length)
redis.call('HINCRBY', P .. 'counts', label, -1)
return 1
