-- Say what became of an article. ARGV: id, length of a seen bucket ms. Returns '' while open, nil when unknown.
local bucket = math.floor(now_ms() / ARGV[2])
for age = 0, 2 do
  local outcome = seen(bucket - age, ARGV[1])
  if outcome then return outcome end
end
return nil
