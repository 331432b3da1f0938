-- Give an article its one outcome, and publish its events, in one step. The first to finish wins.
-- ARGV: id, token, outcome, reason, canonical id, length of a seen bucket ms, concurrency,
--       then per event: stream, number of fields and values, field, value, ...
-- Returns the outcome that was recorded ('duplicate' when the canonical article was published before), or STALE.
-- A Lua script is not rolled back: what can fail (XADD) comes first, deletes come last.
local id, outcome, canonical = ARGV[1], ARGV[3], ARGV[5]
if not holds(id, ARGV[2]) then return 'STALE' end
local now, job = now_ms(), record(id)
local bucket = math.floor(now / ARGV[6])
local current = P .. 'seen:' .. bucket

if outcome == 'published' then
  for age = 0, 2 do
    if redis.call('HGET', P .. 'seen:' .. (bucket - age), canonical) == 'published' then outcome = 'duplicate' end
  end
end

if outcome ~= 'duplicate' then
  local i = 8
  while i <= #ARGV do
    local n = tonumber(ARGV[i + 1])
    redis.call('XADD', ARGV[i], '*', unpack(ARGV, i + 2, i + 1 + n))
    i = i + 2 + n
  end
end

local label = outcome
if ARGV[4] ~= '' then label = outcome .. ':' .. ARGV[4] end
-- An alias may have published this very id before; that must stay known, or a third URL would publish it again.
if redis.call('HGET', current, id) ~= 'published' then redis.call('HSET', current, id, label) end
if outcome == 'published' then redis.call('HSET', current, canonical, 'published') end
redis.call('PEXPIRE', current, 3 * ARGV[6])
redis.call('HINCRBY', P .. 'counts', label, 1)
local state = redis.call('HMGET', job, 'stage', 'host', 'page')
redis.call('ZREM', P .. 'running', id)
redis.call('ZREM', P .. 'jobs', id)
if state[1] == 'fetch' then release(state[2], ARGV[7]) end
redis.call('UNLINK', job, P .. 'page:' .. (state[3] or ''))
return outcome
