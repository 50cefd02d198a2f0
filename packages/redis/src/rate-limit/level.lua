-- The clock of Redis in milliseconds since 1970, with fractions.
local function exact_now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
end

-- The maximum length of a pause, in case the clock was set back.
local max_pause_ms = 120000

-- Reads both buckets: { requests = { per_ms, capacity }, tokens = ... }; capacity 0: unlimited, which counts as always
-- full.
local function read_buckets(args, from)
  return {
    requests = { per_ms = tonumber(args[from]), capacity = tonumber(args[from + 1]) },
    tokens = { per_ms = tonumber(args[from + 2]), capacity = tonumber(args[from + 3]) },
  }
end

-- Whether a call exceeds the bucket of tokens. Taken from it, it would leave nothing to others for seconds, and would never find
-- it full among them. So it is taken on credit: a part of the refill repays it, and meanwhile others have the rest.
local function is_large(tokens, buckets)
  return buckets.tokens.capacity > 0 and tokens > buckets.tokens.capacity
end

local function read_state(key, buckets, now)
  local fields = redis.call('HMGET', key, 'at', 'requests', 'tokens', 'pausedUntil', 'pausedBy', 'givenRequests', 'givenTokens', 'debt', 'sharers')
  local state = {
    paused_until = tonumber(fields[4] or '0'),
    paused_by = fields[5] or '',
    granted = { requests = tonumber(fields[6] or '0'), tokens = tonumber(fields[7] or '0') },
    level = {},
    -- Tokens of a large call that are not repaid yet, and the number of parts of the refill, one of which repays them.
    debt = tonumber(fields[8] or '0'),
    sharers = math.max(1, tonumber(fields[9] or '1')),
  }
  if state.paused_until - now > max_pause_ms then state.paused_until = 0 end
  local at = tonumber(fields[1] or '0')
  -- Refilling starts at the end of a pause. Any other time in the future comes from a clock that was set back.
  local elapsed = math.max(0, now - at)
  state.at = math.max(now, math.min(at, state.paused_until))
  state.is_clock_set_back = at > state.at
  for index, limited in ipairs({ 'requests', 'tokens' }) do
    local bucket = buckets[limited]
    local level = tonumber(fields[index + 1] or '') or bucket.capacity
    local refill = elapsed * bucket.per_ms
    if limited == 'tokens' and state.debt > 0 then
      local repaid = math.min(state.debt, refill / state.sharers)
      -- What the others don't need repays as well.
      local unused = math.max(0, level + refill - repaid - bucket.capacity)
      state.debt = math.max(0, state.debt - repaid - unused)
      refill = refill - repaid
    end
    state.level[limited] = math.min(bucket.capacity, level + refill)
  end
  return state
end

local function write_state(key, state)
  redis.call('HSET', key,
    'at', string.format('%.3f', state.at),
    'requests', string.format('%.6f', state.level.requests),
    'tokens', string.format('%.3f', state.level.tokens),
    'pausedUntil', string.format('%.3f', state.paused_until),
    'pausedBy', state.paused_by,
    'givenRequests', string.format('%.0f', state.granted.requests),
    'givenTokens', string.format('%.0f', state.granted.tokens),
    'debt', string.format('%.3f', state.debt),
    'sharers', string.format('%.0f', state.sharers))
  redis.call('PEXPIRE', key, 600000)
end
