-- Publish what a later look at a kept page changes, and remember it as the snapshot, in one step.
-- ARGV: id of the snapshot, its version as it was looked at, length of a seen bucket ms, article id, content,
--       then the events (see publish)
-- Returns PUBLISHED; STALE: it is another version by now, or gone; or DUPLICATE: it was never published itself, but
-- another URL of the article was.
local id, version, length, canonical, content = unpack(ARGV, 1, 5)
local key = P .. 'edition:' .. id
local state = redis.call('HMGET', key, 'version', 'outcome', 'content')
if state[1] ~= version then return 'STALE' end
local bucket = math.floor(now_ms() / length)
if state[1] == '0' and was_published(bucket, canonical) then return 'DUPLICATE' end

publish(6)

if state[1] == '0' then -- dropped until now: the article moves from one outcome to the other
  redis.call('HINCRBY', P .. 'counts', state[2], -1)
  redis.call('HINCRBY', P .. 'counts', 'published', 1)
  see(bucket, id, 'published', length)
  see(bucket, canonical, 'published', length)
end
local more = #content - #state[3]
redis.call('HSET', key, 'outcome', 'published', 'article', canonical, 'content', content)
redis.call('HINCRBY', key, 'version', 1)
redis.call('HINCRBY', key, 'bytes', more)
weigh(redis.call('HGET', key, 'feed') or '', more)
return 'PUBLISHED'
