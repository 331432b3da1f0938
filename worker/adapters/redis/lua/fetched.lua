-- The page is stored: give back the host's permit and move the article on to the process stage.
-- ARGV: id, token, page reference, lease ms, concurrency, its ETag, its Last-Modified, the traceparent of the fetch or ''
-- Returns the token of the next stage, or nil when `token` is not the holder.
local id, token, page, lease, concurrency, etag, modified, trace = unpack(ARGV, 1, 8)
if not holds(id, token) then return nil end
local now, job = now_ms(), record(id)
local host = redis.call('HGET', job, 'host')
redis.call('HSET', job, 'stage', 'process', 'page', page, 'attempts', 0, 'crashes', 0, 'claimed', 0,
  'etag', etag, 'modified', modified)
if trace ~= '' then redis.call('HSET', job, 'trace', trace) end
redis.call('ZADD', P .. 'running', now + lease, id)
release(host, concurrency)
return redis.call('HINCRBY', job, 'token', 1)
