-- Redis's own clock in milliseconds since 1970, with the parts of a millisecond.
local function exact_now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
end

-- No pause is longer, whatever the state says: a clock may have been put back meanwhile.
local longest_pause_ms = 120000

-- What is left in both buckets. A bucket that isn't limited is always full.
-- buckets: { requests = { per_ms, capacity }, tokens = ... }; capacity 0: not limited
local function read_buckets(args, from)
  return {
    requests = { per_ms = tonumber(args[from]), capacity = tonumber(args[from + 1]) },
    tokens = { per_ms = tonumber(args[from + 2]), capacity = tonumber(args[from + 3]) },
  }
end

local function read_room(key, buckets, now)
  local fields = redis.call('HMGET', key, 'at', 'requests', 'tokens', 'pausedUntil', 'pausedBy', 'givenRequests', 'givenTokens')
  local room = {
    paused_until = tonumber(fields[4] or '0'),
    paused_by = fields[5] or '',
    given = { requests = tonumber(fields[6] or '0'), tokens = tonumber(fields[7] or '0') },
    level = {},
  }
  if room.paused_until - now > longest_pause_ms then room.paused_until = 0 end
  local at = tonumber(fields[1] or '0')
  -- Refilling begins at the end of a pause. Otherwise a moment to come is that of a clock which was put back.
  local elapsed = math.max(0, now - at)
  room.at = math.max(now, math.min(at, room.paused_until))
  room.is_put_back = at > room.at
  for index, limited in ipairs({ 'requests', 'tokens' }) do
    local bucket = buckets[limited]
    local level = tonumber(fields[index + 1] or '') or bucket.capacity
    room.level[limited] = math.min(bucket.capacity, level + elapsed * bucket.per_ms)
  end
  return room
end

local function write_room(key, room)
  redis.call('HSET', key,
    'at', string.format('%.3f', room.at),
    'requests', string.format('%.6f', room.level.requests),
    'tokens', string.format('%.3f', room.level.tokens),
    'pausedUntil', string.format('%.3f', room.paused_until),
    'pausedBy', room.paused_by,
    'givenRequests', string.format('%.0f', room.given.requests),
    'givenTokens', string.format('%.0f', room.given.tokens))
  redis.call('PEXPIRE', key, 600000)
end
