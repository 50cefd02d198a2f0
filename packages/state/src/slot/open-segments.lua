-- The session's open segments: a sorted set, the one to evict next first. Those whose newest partial has no text stand
-- far before all others, then whatever has been idle for the longest.
local without_text = 1e13

local function open_segments_of(slot_prefix)
  return string.match(slot_prefix, '^(.-}):slot:') .. ':open'
end

local function note_open(slot_prefix, segment, now, is_blank)
  local score = is_blank and now - without_text or now
  redis.call('ZADD', open_segments_of(slot_prefix), string.format('%.0f', score), segment)
end

-- Evicts segments until there is room for another one: they lose their slots, and the calls in flight on them are added to `calls`.
-- Gives the segments. An abandoned one, all of whose slots have run out, is among the first to go.
local function evict_segments(segments_key, slot_prefix, max_open, now, calls)
  local open_key = open_segments_of(slot_prefix)
  local excess = redis.call('ZCARD', open_key) + 1 - max_open
  if excess <= 0 then return {} end
  local given = redis.call('ZRANGE', open_key, 0, excess - 1)
  for _, segment in ipairs(given) do
    local mark = redis.call('HGET', segments_key, segment) or ''
    for target in string.gmatch(string.match(mark, '^o(.*)$') or '', '[^,]+') do
      local slot_key = slot_prefix .. segment .. ':' .. target
      add_calls(calls, slot_key, segment, target, now)
      redis.call('DEL', slot_key)
    end
    if string.sub(mark, 1, 1) == 'o' then redis.call('HDEL', segments_key, segment) end
    redis.call('ZREM', open_key, segment)
  end
  return given
end
