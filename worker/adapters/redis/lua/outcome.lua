-- Say what became of an article. ARGV: id, length of a seen bucket ms. Returns '' while open, nil when unknown.
return outcome_of(math.floor(now_ms() / ARGV[2]), ARGV[1])
