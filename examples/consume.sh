redis-cli XGROUP CREATE onrecord:statements desk 0 MKSTREAM
redis-cli XREADGROUP GROUP desk me COUNT 1 BLOCK 1000 STREAMS onrecord:statements '>'
redis-cli XACK onrecord:statements desk 1767225600000-0
redis-cli XAUTOCLAIM onrecord:statements desk me 60000 0
