-- The page is stored: give back the host's permit and move the article on to the process stage.
-- ARGV: id, token, page reference, lease ms, concurrency, its ETag, its Last-Modified, the traceparent of the fetch or ''
-- Returns the token of the next stage, or nil when `token` is not the holder.
local id = ARGV[1]
if not holds(id, ARGV[2]) then return nil end
local now, job = now_ms(), record(id)
local host = redis.call('HGET', job, 'host')
redis.call('HSET', job, 'stage', 'process', 'page', ARGV[3], 'attempts', 0, 'crashes', 0, 'claimed', 0,
  'etag', ARGV[6], 'modified', ARGV[7])
if ARGV[8] ~= '' then redis.call('HSET', job, 'trace', ARGV[8]) end
redis.call('ZADD', P .. 'running', now + ARGV[4], id)
release(host, ARGV[5])
return redis.call('HINCRBY', job, 'token', 1)
