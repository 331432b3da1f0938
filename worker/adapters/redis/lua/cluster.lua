-- Say which cluster each text of an article is in: that of the first text seen that it has enough in common with, else
-- its own. In one step, so that of two copies at the same time one is first.
-- ARGV (of at most 64 texts): item id, length of a bucket ms, time, host, 1 when the first text is the article itself, then for each text: its
--       id, the speaker's last name ('' unknown), most hashes of a sketch, least ratio of lengths, hashes, buckets of those
--       to look up (see worker/duplicates/sketch.py)
-- Returns for each text: id of its cluster, time and host of that one's first text.
-- A cluster is what its first text is: copies add nothing to it, so that it neither drifts nor grows. An article keeps its
-- cluster, however often it is tried, and in all its versions.
-- Cost: for each hash that is looked up two reads, and two writes unless the text is a copy.
local item, length, time, host, is_article = unpack(ARGV, 1, 5)
local FIRST = 6 -- where the texts begin in ARGV
local PER_TEXT, MOST_TEXTS = 6, 64
local HASH, BUCKET = 4, 4 -- bytes of each in a text's arguments
local ENOUGH = 0.6 -- copies share more of the shorter one, independent reports of one event less than a third
local FEW, FEWEST, LEAST = 12, 6, 4 -- hashes: of fourteen words, of eight, and of six, which is what all texts have
length = tonumber(length)
local bucket = math.floor(now_ms() / length)
local ends = string.format('%d', (bucket + 2) * length) -- what is of this bucket is looked up in the next one too
local began, number = {}, nil -- the texts of this article that begin clusters, and its number once there is one

-- Where hashes are remembered: 65,536 keys in each bucket of time, whose hashes have no pointers while they are small.
local near, near_before = P .. 'near:' .. bucket .. ':', P .. 'near:' .. (bucket - 1) .. ':'

local function text_at(at)
  local text = {id = ARGV[at], by = ARGV[at + 1], hashes = ARGV[at + 4], buckets = ARGV[at + 5]}
  text.limit, text.ratio = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  return text
end

-- The entries of the index that have one of the hashes that are looked up, and those that none has as key -> field.
local function lookup(text)
  local entries, new = {}, {}
  for i = 0, #text.buckets / BUCKET - 1 do
    local at = string.sub(text.buckets, i * BUCKET + 1, (i + 1) * BUCKET)
    local field = string.sub(text.hashes, i * HASH + 1, (i + 1) * HASH)
    local found = redis.call('HGET', near .. at, field) or redis.call('HGET', near_before .. at, field)
    if found then entries[tonumber(found)] = true else new[near .. at] = field end
  end
  return entries, new
end

-- The first text that an entry of the index names: by the number of its article and its own there.
local function read(entry)
  local article, index = math.floor(entry / MOST_TEXTS), entry % MOST_TEXTS + 1
  if article == number then return began[index] end
  local row = redis.call('GET', P .. 'texts:' .. article)
  return row and cmsgpack.unpack(row)[index]
end

-- Whether two names share a word.
local function share_word(one, other)
  for word in string.gmatch(one, '%S+') do
    if string.find(' ' .. other .. ' ', ' ' .. word .. ' ', 1, true) then return true end
  end
  return false
end

-- A sketch as numbers in ascending order; and the set of those up to `last`, with their count.
local function numbers_of(hashes)
  local numbers = {}
  for at = 1, #hashes, HASH do
    local a, b, c, d = string.byte(hashes, at, at + HASH - 1)
    numbers[#numbers + 1] = ((a * 256 + b) * 256 + c) * 256 + d
  end
  return numbers
end

local function until_last(numbers, last)
  local set, count = {}, 0
  for _, number in ipairs(numbers) do
    if number <= last then set[number], count = true, count + 1 end
  end
  return set, count
end

-- How much of the shorter of two texts is in the longer one; 0 if not enough for the same text. A dozen words are said by
-- many in a week, so for those it takes the same speaker or story too, and of half a dozen every one.
local function common(text, first)
  local one, other = numbers_of(text.hashes), numbers_of(first.hashes)
  -- A sketch knows nothing of hashes above its last, unless it has all.
  local set, ours = until_last(one, #other < text.limit and math.huge or other[#other])
  local same, theirs = until_last(other, #one < text.limit and math.huge or one[#one])
  local both = 0
  for number in pairs(same) do
    if set[number] then both = both + 1 end
  end
  local short, long = math.min(ours, theirs), math.max(ours, theirs)
  local few = math.min(#one, #other)
  if both < LEAST or both < (few > FEWEST and ENOUGH or 1) * short or short < text.ratio * long then return 0 end
  if few <= FEW and not share_word(text.by, first.by) then return 0 end
  return both / short
end

-- The text that has most of this one, the earliest of several; nil if none has enough.
local function best(text, entries)
  local chosen, most, earliest = nil, 0, nil
  for entry in pairs(entries) do
    local first = read(entry)
    local part = first and common(text, first) or 0
    if part > most or (part > 0 and part == most and entry < earliest) then
      chosen, most, earliest = first, part, entry
    end
  end
  return chosen
end

-- Remember a text as the first of a cluster.
local function begin(text, new)
  local first = {id = text.id, by = text.by, time = time, host = host, hashes = text.hashes}
  number = number or redis.call('INCR', P .. 'texts')
  began[#began + 1] = first
  local entry = string.format('%d', number * MOST_TEXTS + #began - 1)
  for key, field in pairs(new) do
    redis.call('HSET', key, field, entry)
    redis.call('PEXPIREAT', key, ends)
  end
  return first
end

local function place(text)
  local entries, new = lookup(text)
  return best(text, entries) or begin(text, new)
end

-- The records that keep an article's cluster: its snapshot, and its job, which becomes one.
local function place_article(text)
  local records, kept = {}, nil
  for _, key in ipairs({P .. 'edition:' .. item, P .. 'job:' .. item}) do
    if redis.call('EXISTS', key) == 1 then
      records[#records + 1] = key
      kept = kept or redis.call('HGET', key, 'cluster')
    end
  end
  if kept then return {id = kept, time = time, host = host} end
  local first = place(text)
  for _, key in ipairs(records) do redis.call('HSET', key, 'cluster', first.id) end
  return first
end

local reply, story = {}, ''
for at = FIRST, #ARGV, PER_TEXT do
  local text, first = text_at(at), nil
  if at == FIRST and is_article == '1' then
    first = place_article(text)
    story = ' #' .. first.id
  else
    text.by = text.by .. story
    first = place(text)
  end
  reply[#reply + 1] = {first.id, first.time, first.host}
end
if number then redis.call('SET', P .. 'texts:' .. number, cmsgpack.pack(began), 'PXAT', ends) end
return reply
