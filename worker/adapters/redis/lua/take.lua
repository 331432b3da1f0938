-- Hand out what may start now: due feeds and articles whose host permits it. One call is one tick.
-- ARGV: cap on running, lease ms, feed lease ms, default spacing ms, concurrency per host, re-checks an hour,
--       ms that feeds wait beyond their time under pressure
-- Returns a flat list: item, token, ... Two ticks at once share the work, they never double it.
-- Cost: O(log n) per item handed out.
local cap, lease, feed_lease, spacing, concurrency, rechecks, delay = unpack(ARGV, 1, 7)
local now = now_ms()
cap, lease, feed_lease, spacing = tonumber(cap), tonumber(lease), tonumber(feed_lease), tonumber(spacing)
redis.call('SET', P .. 'ticked', now)
if paused(now) then return {} end

-- Consumers lag, or memory runs short: feeds are polled later, nothing is looked at again.
local pressed = redis.call('EXISTS', P .. 'pressure') == 1
local late = pressed and delay or 0
for _, feed in ipairs(redis.call('ZRANGEBYSCORE', P .. 'feeds:due', '-inf', now - late, 'LIMIT', 0, 500)) do
  local host = redis.call('HGET', P .. 'feed:' .. feed, 'host')
  if host then
    redis.call('ZADD', P .. 'feeds:due', now + feed_lease, feed)
    if not redis.call('ZSCORE', P .. 'running', 'feed:' .. feed) then
      enqueue(host, 'feed:' .. feed, 0, concurrency) -- before the host's articles, or its entries might go by unseen
    end
  else
    redis.call('ZREM', P .. 'feeds:due', feed)
  end
end

-- Published articles to look at again, as many as fit the budget, only on hosts that have nothing else to do. Those that
-- became due last go first: the young ones, which are due more often. `slot` is when the budget allows the next one.
local function take_rechecks(between)
  local slot = math.max(tonumber(redis.call('GET', P .. 'rechecks:slot') or '0'), now - 60000)
  slot = math.min(slot, now + between) -- later ones are those of a smaller budget, or of a clock that was ahead
  for _, id in ipairs(redis.call('ZREVRANGEBYSCORE', P .. 'rechecks', now, '-inf', 'LIMIT', 0, 50)) do
    if slot > now then break end
    local snapshot, job = P .. 'edition:' .. id, record(id)
    local host = redis.call('HGET', snapshot, 'host')
    if host and (redis.call('EXISTS', P .. 'queue:' .. host, job) > 0) then
      redis.call('ZADD', P .. 'rechecks', now + 60000, id)
    else
      redis.call('ZREM', P .. 'rechecks', id)
      if host then
        slot = slot + between
        redis.call('COPY', snapshot, job)
        redis.call('HSET', job, 'stage', 'fetch', 'token', now, 'attempts', 0, 'crashes', 0, 'claimed', 0,
          'was', redis.call('HGET', job, 'page'))
        enqueue(host, id, now, concurrency)
      end
    end
  end
  redis.call('SET', P .. 'rechecks:slot', math.floor(slot))
end
if tonumber(rechecks) > 0 and not pressed then take_rechecks(3600000 / rechecks) end

local room = cap - redis.call('ZCARD', P .. 'running')
local out = {}
while room > 0 do
  local hosts = redis.call('ZRANGEBYSCORE', P .. 'hosts', '-inf', now, 'LIMIT', 0, math.min(room, 100))
  if #hosts == 0 then break end
  for _, host in ipairs(hosts) do
    local item = redis.call('ZPOPMIN', P .. 'queue:' .. host)[1]
    if item and redis.call('EXISTS', record(item)) == 1 then
      local key = P .. 'host:' .. host
      redis.call('HINCRBY', key, 'busy', 1)
      -- Spacing counts from the start (claim.lua), which a full broker queue may delay: nothing else until then.
      if spacing_of(host, spacing) > 0 then redis.call('HSET', key, 'starting', now + lease) end
      redis.call('ZADD', P .. 'running', now + lease, item)
      redis.call('HSET', record(item), 'claimed', 0)
      out[#out + 1] = item
      out[#out + 1] = redis.call('HINCRBY', record(item), 'token', 1)
      room = room - 1
    end
    reschedule(host, concurrency)
  end
end
return out
