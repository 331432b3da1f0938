-- Prepended to every script. KEYS[1] is the key prefix: all other keys are derived from it, so with a
-- hash tag in it ("{onrecord}") they share one slot of a Redis Cluster. Times are the server's, in ms.
--
--   job:<id>     hash  url host feed entry stage token claimed attempts found page reason hop hops
--   jobs         zset  id -> found                 every admitted article that has no outcome yet
--   running      zset  item -> lease end           handed to a worker; item = article id, or feed:<feed id>
--   queue:<host> zset  item -> due                 waits for its time and for the host's permit
--   hosts        zset  host -> earliest next start only hosts that may start something
--   host:<host>  hash  busy, slot = earliest next start, starting = until when one is awaited that was handed out,
--                      spacing = ms between starts as learnt, ok = when it answered 2xx last
--   seen:<n>     hash  id -> outcome ('' while open), one per time bucket
--   feed:<id>    hash  the feed's state;  feeds:known set of ids;  feeds:due zset id -> due;  listing:<id> set of ids it last listed
--   counts       hash  outcome[:reason] -> number
local P = KEYS[1] .. ':'

local function now_ms()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- The hash that belongs to a queue item: a job, or a feed.
local function record(item)
  if string.sub(item, 1, 5) == 'feed:' then return P .. item end
  return P .. 'job:' .. item
end

-- Put the host where its earliest startable item belongs, or nowhere.
local function reschedule(host, concurrency)
  local head = redis.call('ZRANGE', P .. 'queue:' .. host, 0, 0, 'WITHSCORES')
  local state = redis.call('HMGET', P .. 'host:' .. host, 'busy', 'slot', 'starting')
  if #head == 0 or tonumber(state[1] or '0') >= tonumber(concurrency) then
    redis.call('ZREM', P .. 'hosts', host)
  else
    local start = math.max(tonumber(head[2]), tonumber(state[2] or '0'), tonumber(state[3] or '0'))
    redis.call('ZADD', P .. 'hosts', start, host)
  end
end

local function enqueue(host, item, due, concurrency)
  redis.call('ZADD', P .. 'queue:' .. host, due, item)
  reschedule(host, concurrency)
end

-- Keep the host from starting anything before `start`; earlier promises stand.
local function not_before(host, start, concurrency)
  local key = P .. 'host:' .. host
  redis.call('HSET', key, 'slot', math.max(tonumber(redis.call('HGET', key, 'slot') or '0'), start))
  redis.call('EXPIRE', key, 604800)
  reschedule(host, concurrency)
end

-- ms between two starts on the host: as learnt, at least `default`.
local function spacing_of(host, default)
  return math.max(tonumber(default), tonumber(redis.call('HGET', P .. 'host:' .. host, 'spacing') or '0'))
end

-- Give back the host's permit.
local function release(host, concurrency)
  local key = P .. 'host:' .. host
  if redis.call('HINCRBY', key, 'busy', -1) < 0 then redis.call('HSET', key, 'busy', 0) end
  redis.call('EXPIRE', key, 604800)
  reschedule(host, concurrency)
end

-- Whether `token` is the current holder of the item; an older holder may change nothing.
local function holds(item, token)
  return redis.call('HGET', record(item), 'token') == token
end
