-- The session's open segments: a sorted set, the one to evict next first. Those whose newest partial has no text stand
-- far before all others, then whatever has been idle for the longest.
local without_text = 1e13

local function note_open(open_key, segment, now, is_blank)
  local score = is_blank and now - without_text or now
  redis.call('ZADD', open_key, string.format('%.0f', score), segment)
end

-- Evicts segments until there is room for another one: they lose what is kept of them, and their holders are told. Gives
-- the segments. An abandoned one, of which nothing is kept any more, is among the first to go.
local function evict_segments(open_key, segment_prefix, work_channel, max_open)
  local excess = redis.call('ZCARD', open_key) + 1 - max_open
  if excess <= 0 then return {} end
  local evicted = redis.call('ZRANGE', open_key, 0, excess - 1)
  for _, segment in ipairs(evicted) do
    redis.call('DEL', segment_prefix .. segment)
    redis.call('ZREM', open_key, segment)
    redis.call('SPUBLISH', work_channel, '{"v":1,"type":"evicted","segmentId":' .. segment .. '}')
  end
  return evicted
end
