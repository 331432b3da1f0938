-- Prepended to every script. KEYS[1] is the key prefix: all other keys are derived from it, so with a
-- hash tag in it ("{onrecord}") they share one slot of a Redis Cluster. Times are the server's, in ms.
--
--   job:<id>     hash  url host feed entry stage token claimed attempts crashes found tried page etag modified reason
--                      hop hops cluster origin = its host before it hopped; a re-check has what its snapshot has, and was = its page
--                      trace = traceparent of the attempt that brought it here
--   jobs         zset  id -> found                 every admitted article that has no outcome yet
--   running      zset  item -> lease end           handed to a worker; item = article id, or feed:<feed id>
--   queue:<host> zset  item -> due                 waits for its time and for the host's permit
--   hosts        zset  host -> earliest next start only hosts that may start something
--   host:<host>  hash  busy, slot = earliest next start, starting = until when one is awaited that was handed out,
--                      spacing = ms between starts as learnt, ok = when it answered 2xx last
--   seen:<n>:<h> hash  id -> outcome ('' while open), 65,536 per time bucket: small ones are stored without pointers, 13 bytes an id
--   edition:<id> hash  url host feed entry found page of an article that came to its outcome with its page; besides
--                      outcome, article = the id it is published under, version, content = what was published, bytes,
--                      looked = when it was looked at again last, missing = times in a row that a re-check got 404
--   kept         zset  id -> when that was         every snapshot;  kept:bytes what their pages and contents take;
--                      spare = pages that nothing needs any more;  kept:feeds zset feed -> bytes of its snapshots;
--                      kept:of:<feed> zset id -> when that was
--   feed:<id>    hash  the feed's state;  feeds:known set of ids;  feeds:due zset id -> due;  listing:<id> set of ids it last listed
--   websub:<id>  JSON  the feed's subscription at its hub (worker/feeds/websub.py)
--   feeds:moved  hash  id that the URL would have -> id of the feed that moved there
--   rechecks     zset  id of a snapshot -> when it is looked at again;  rechecks:slot when the budget allows the next;
--                      rechecked hash  what they came to -> number
--   near:<n>:<h> hash  hash of a text -> the first text that had it (cluster.lua), 65,536 per time bucket
--   texts        count of the articles that had a new text;  texts:<number> those of one, MessagePack
--   breaker      hash  failures (in a row, by our own fault), until (nothing is handed out before)
--   ticked       ms    when something was last asked for to be handed out
--   counts       hash  outcome[:reason] -> number
--   pressure     why feeds are polled later; expires;  retained set while the streams need no look;  groups:warned hash
--                      stream/group -> when it was first said that the group stands still
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

-- The hash of a time bucket that has an article, and its field there: the id's first 16 bits, and the next 64.
local function seen_at(bucket, id)
  local field = struct.pack('>I4I4', tonumber(string.sub(id, 5, 12), 16), tonumber(string.sub(id, 13, 20), 16))
  return P .. 'seen:' .. bucket .. ':' .. string.sub(id, 1, 4), field
end

-- Nearly all are one of these, so they are one byte.
local SHORT = {published = 'p', duplicate = 'd', seen = 's'}
local LONG = {p = 'published', d = 'duplicate', s = 'seen'}

-- What a time bucket knows of an article: its outcome, '' while it is open, nil when nothing.
local function seen(bucket, id)
  local outcome = redis.call('HGET', seen_at(bucket, id))
  return outcome and (LONG[outcome] or outcome) or nil
end

-- Remember an article in the bucket of now, so for two more buckets at least; `length` is a bucket's, in ms.
local function see(bucket, id, outcome, length)
  local key, field = seen_at(bucket, id)
  redis.call('HSET', key, field, SHORT[outcome] or outcome)
  redis.call('PEXPIRE', key, 3 * length)
end

-- What became of an article: its latest outcome, '' while it is open, nil when it is unknown.
local function outcome_of(bucket, id)
  for age = 0, 2 do
    local outcome = seen(bucket - age, id)
    if outcome then return outcome end
  end
  return nil
end

-- Whether an article was published under this id, by itself or by an alias.
local function was_published(bucket, id)
  for age = 0, 2 do
    if seen(bucket - age, id) == 'published' then return true end
  end
  return false
end

-- Count what a snapshot of a feed takes more than before.
local function weigh(feed, more)
  redis.call('INCRBY', P .. 'kept:bytes', more)
  if tonumber(redis.call('ZINCRBY', P .. 'kept:feeds', more, feed)) <= 0 then redis.call('ZREM', P .. 'kept:feeds', feed) end
end

-- Keep no longer track of a snapshot.
local function unkeep(id, feed, bytes)
  redis.call('ZREM', P .. 'kept', id)
  redis.call('ZREM', P .. 'kept:of:' .. feed, id)
  weigh(feed, -bytes)
end

-- Forget what was kept of an article; its page, which lies elsewhere, is for `evict` to name.
local function forget(id)
  local state = redis.call('HMGET', P .. 'edition:' .. id, 'page', 'bytes', 'feed')
  unkeep(id, state[3] or '', tonumber(state[2] or '0'))
  redis.call('ZREM', P .. 'rechecks', id)
  redis.call('UNLINK', P .. 'edition:' .. id)
  if state[1] then redis.call('SADD', P .. 'spare', state[1]) end
end

-- Append events to their streams. `from` is where they start in ARGV, each as: stream, number of fields and values,
-- field, value, ... It may fail (out of memory), so it comes before all that changes anything else.
local function publish(from)
  local i = from
  while i <= #ARGV do
    local n = tonumber(ARGV[i + 1])
    redis.call('XADD', ARGV[i], '*', unpack(ARGV, i + 2, i + 1 + n))
    i = i + 2 + n
  end
end

-- Whether entry `one` of a stream comes before `other`; ids are "ms-seq".
local function older(one, other)
  local ms, seq = string.match(one, '(%d+)-(%d+)')
  local other_ms, other_seq = string.match(other, '(%d+)-(%d+)')
  if ms == other_ms then return tonumber(seq) < tonumber(other_seq) end
  return tonumber(ms) < tonumber(other_ms)
end

-- The consumer groups of a stream as XINFO has them, with `unread` = the next entry to deliver, and `oldest` = the oldest that is
-- not acknowledged; nil where there is none. XGROUP SETID may put what is unread before what is pending.
local function groups_of(key)
  if redis.call('EXISTS', key) == 0 then return {} end
  local found = {}
  for _, row in ipairs(redis.call('XINFO', 'GROUPS', key)) do
    local group = {}
    for i = 1, #row, 2 do group[row[i]] = row[i + 1] end
    local unread = redis.call('XRANGE', key, '(' .. group['last-delivered-id'], '+', 'COUNT', 1)[1]
    group.unread = unread and unread[1]
    group.oldest = group.unread
    local held = group.pending > 0 and redis.call('XPENDING', key, group.name)[2]
    if held and not (group.oldest and older(group.oldest, held)) then group.oldest = held end
    found[#found + 1] = group
  end
  return found
end

-- Whether the breaker is open: so much failed by our own fault that nothing more is to be tried now.
local function paused(now)
  return tonumber(redis.call('HGET', P .. 'breaker', 'until') or '0') > now
end

-- Whether `token` is the current holder of the item; an older holder may change nothing.
local function holds(item, token)
  return redis.call('HGET', record(item), 'token') == token
end
