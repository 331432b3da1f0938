-- Count an article that failed by our own fault; a published one ends the row (finish.lua).
-- ARGV: how many in a row open the breaker, for how many ms it is open
-- Returns 1 when this failure opened it, 0 when it is still closed, or was open already.
local most, pause = unpack(ARGV, 1, 2)
local key, now = P .. 'breaker', now_ms()
if redis.call('HINCRBY', key, 'failures', 1) < tonumber(most) then return 0 end
local was_open = paused(now)
redis.call('HSET', key, 'until', now + pause)
return was_open and 0 or 1
