-- The session's open segments are a sorted set in the order of eviction: first those whose newest partial has no text,
-- then by the time of their newest partial. This offset separates the two groups.
local without_text = 1e13

local function mark_open(open_key, segment, now, is_blank)
  local score = is_blank and now - without_text or now
  redis.call('ZADD', open_key, string.format('%.0f', score), segment)
end

-- Evicts a segment: deletes its state and notifies its holder.
local function evict(open_key, segment_prefix, work_channel, segment)
  redis.call('UNLINK', segment_prefix .. segment)
  redis.call('ZREM', open_key, segment)
  redis.call('SPUBLISH', work_channel, '{"v":1,"type":"evicted","segmentId":' .. segment .. '}')
end

-- Evicts segments until another one may be opened, and adds them to the list `evicted`. Abandoned segments, whose state has
-- expired, are among the first.
local function evict_segments(open_key, segment_prefix, work_channel, max_open, evicted)
  local excess = redis.call('ZCARD', open_key) + 1 - max_open
  if excess <= 0 then return end
  for _, segment in ipairs(redis.call('ZRANGE', open_key, 0, excess - 1)) do
    evict(open_key, segment_prefix, work_channel, segment)
    evicted[#evicted + 1] = segment
  end
end

-- Evicts segments other than `segment`, which takes `bytes`, until all of them have at most `max_bytes` together. Their sizes are
-- added up only for a segment with more than its share, so the small ones may have as much again.
local function evict_bytes(open_key, segment_prefix, work_channel, segment, bytes, max_bytes, evicted)
  local sizes, total, others = {}, bytes, redis.call('ZRANGE', open_key, 0, -1)
  for _, other in ipairs(others) do
    sizes[other] = other == segment and 0 or tonumber(redis.call('HGET', segment_prefix .. other, 'bytes') or '0')
    total = total + sizes[other]
  end
  for _, other in ipairs(others) do
    if total <= max_bytes then return end
    if sizes[other] > 0 then
      evict(open_key, segment_prefix, work_channel, other)
      evicted[#evicted + 1] = other
      total = total - sizes[other]
    end
  end
end
