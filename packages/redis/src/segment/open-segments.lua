-- The session's open segments are a sorted set in the order of eviction: first those whose newest partial has no text,
-- then by the time of their newest partial. This offset separates the two groups.
local without_text = 1e13

local function mark_open(open_key, segment, now, is_blank)
  local score = is_blank and now - without_text or now
  redis.call('ZADD', open_key, string.format('%.0f', score), segment)
end

-- Evicts segments until another one may be opened: deletes their state, notifies their holders and returns them.
-- Abandoned segments, whose state has expired, are among the first.
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
