-- Make a feed due after an interval. ARGV: feed id, ms from now, the same in seconds (kept in its state)
redis.call('HSET', P .. 'feed:' .. ARGV[1], 'interval_s', ARGV[3])
redis.call('ZADD', P .. 'feeds:due', 'XX', now_ms() + ARGV[2], ARGV[1])
return 1
