-- Admit the entries of one poll (or of one manual request), together with the feed's new state, in one step:
-- a crash leaves either the old validators and no entries, or both, so no entry is ever skipped.
-- ARGV: feed id ('' = manual), token, length of a seen bucket ms, concurrency, feed state as JSON, ms to the next poll,
--       (-1: never), 1 when the listing is complete, events as JSON [[stream, [field, value, ...]], ...],
--       then per entry a JSON object {id, aliases, feed, url, host, entry, trace or none}
-- Returns {admitted ids, number known before} or the string STALE.
-- Cost: about 12 us an entry.
local feed, token, length, concurrency, fields, wait, complete, events = unpack(ARGV, 1, 8)
if feed ~= '' and not holds('feed:' .. feed, token) then return 'STALE' end

local now = now_ms()
local bucket = math.floor(now / length)
local listing = P .. 'listing:' .. feed

local function known(id)
  if seen(bucket, id) then return true end
  for age = 1, 2 do
    local outcome = seen(bucket - age, id)
    if outcome then
      see(bucket, id, outcome, length)
      return true
    end
  end
  if redis.call('ZSCORE', P .. 'jobs', id) then -- open for longer than ids are remembered
    see(bucket, id, '', length)
    return true
  end
  if feed ~= '' and redis.call('SISMEMBER', listing, id) == 1 then
    see(bucket, id, 'seen', length)
    return true
  end
  return false
end

-- An entry is known by its id or by an alias; whatever it goes by now is remembered from now on.
local function known_as_any(entry)
  local found, fresh = known(entry.id), {}
  if not found then fresh[1] = entry.id end
  for _, alias in ipairs(entry.aliases) do
    if known(alias) then found = true else fresh[#fresh + 1] = alias end
  end
  for _, name in ipairs(fresh) do see(bucket, name, 'seen', length) end
  return found
end

-- An article whose feed gives it another title is looked at again at once: its publisher edited it. Some feeds change
-- titles at every poll: its age must have grown by a quarter since the last look, which makes some 30 looks in three days.
local function look_if_retitled(entry)
  local key = P .. 'edition:' .. entry.id
  local was = redis.call('HMGET', key, 'feed', 'entry', 'outcome', 'found', 'looked')
  if was[1] ~= entry.feed or was[2] == entry.entry or was[3] ~= 'published' then return end
  local retitled = cjson.decode(was[2]).title ~= cjson.decode(entry.entry).title
  redis.call('HSET', key, 'entry', entry.entry)
  if not retitled then return end
  local found, looked = tonumber(was[4]), tonumber(was[5] or was[4])
  redis.call('ZADD', P .. 'rechecks', 'LT', math.max(now, math.ceil(looked + (looked - found) / 4)), entry.id)
end

for _, event in ipairs(cjson.decode(events)) do redis.call('XADD', event[1], '*', unpack(event[2])) end

local admitted, overlap, ids = {}, 0, {}
for i = 9, #ARGV do
  local entry = cjson.decode(ARGV[i])
  ids[#ids + 1] = entry.id
  if known_as_any(entry) then
    overlap = overlap + 1
    look_if_retitled(entry)
  else
    redis.call('HSET', P .. 'job:' .. entry.id, 'url', entry.url, 'host', entry.host, 'feed', entry.feed,
      'entry', entry.entry, 'stage', 'fetch', 'token', 0, 'attempts', 0, 'crashes', 0, 'claimed', 0, 'found', now)
    if entry.trace then redis.call('HSET', P .. 'job:' .. entry.id, 'trace', entry.trace) end
    redis.call('ZADD', P .. 'jobs', now, entry.id)
    see(bucket, entry.id, '', length)
    enqueue(entry.host, entry.id, now, concurrency)
    admitted[#admitted + 1] = entry.id
  end
end
if #admitted > 0 then redis.call('HINCRBY', P .. 'counts', 'discovered', #admitted) end

if feed ~= '' then
  if complete == '1' then
    redis.call('DEL', listing)
    for i = 1, #ids, 500 do
      redis.call('SADD', listing, unpack(ids, i, math.min(i + 499, #ids)))
    end
  end
  local host = redis.call('HGET', P .. 'feed:' .. feed, 'host') -- whose permit it holds, wherever it moves
  for name, value in pairs(cjson.decode(fields)) do redis.call('HSET', P .. 'feed:' .. feed, name, value) end
  redis.call('HSET', P .. 'feed:' .. feed, 'polled', now)
  redis.call('HINCRBY', P .. 'feed:' .. feed, 'token', 1) -- a poll is recorded once, and nothing after it is a failure of it
  if wait == '-1' then
    redis.call('ZREM', P .. 'feeds:due', feed)
  else
    redis.call('ZADD', P .. 'feeds:due', 'XX', now + wait, feed)
  end
  if redis.call('ZREM', P .. 'running', 'feed:' .. feed) == 1 then
    release(host, concurrency)
  end
end
return {admitted, overlap}
