-- Take all that is held for abandoned, so that the next sweep brings it back. Harmless while a holder lives:
-- its token is then an older one. Returns how many leases ended.
local items = redis.call('ZRANGE', P .. 'running', 0, -1)
for _, item in ipairs(items) do redis.call('ZADD', P .. 'running', 0, item) end
return #items
