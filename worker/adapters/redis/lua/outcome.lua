-- Say what became of an article. ARGV: id, length of a seen bucket ms. Returns '' while open, nil when unknown.
local id, length = unpack(ARGV, 1, 2)
return outcome_of(math.floor(now_ms() / length), id)
