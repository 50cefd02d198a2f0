-- Releases the permit of a finished call and corrects the buckets: by its actual tokens, and by the remaining capacity that
-- the engine reported. If the engine requested a pause, it is published to all threads.
-- KEYS: 1 limiter state, 2 calls in progress; the name of the first is also the channel
-- ARGV: 1 call, 2 tokens used beyond those acquired, 3 remaining requests that the engine reported for the call, or '',
--       4 remaining tokens, or '', 5 total requests granted when the permit was acquired, 6 total tokens, 7 time since then in
--       ms, 8 length of the pause in ms, or '', 9.. both buckets (see level.lua)
-- Returns { 'released' }; a second call changes nothing.
-- include level.lua
local call, more_tokens, pause = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[8])
local buckets, now = read_buckets(ARGV, 9), exact_now_ms()
local state = read_state(KEYS[1], buckets, now)
local is_counted = redis.call('ZREM', KEYS[2], call) == 1
if is_counted then
  if state.debt > 0 then
    state.debt = math.max(0, state.debt + more_tokens)
  else
    state.level.tokens = math.min(buckets.tokens.capacity, state.level.tokens - more_tokens)
  end
  local reported = { requests = tonumber(ARGV[3]), tokens = tonumber(ARGV[4]) }
  local granted = { requests = tonumber(ARGV[5]), tokens = tonumber(ARGV[6]) }
  for limited, bucket in pairs(buckets) do
    if reported[limited] and bucket.capacity > 0 then
      -- Adds the refill since then and subtracts what others acquired. This is an estimate, since calls may reach the
      -- engine in another order.
      local remaining = reported[limited] + bucket.per_ms * tonumber(ARGV[7]) - (state.granted[limited] - granted[limited])
      local tolerance = math.max(bucket.capacity / 2, limited == 'requests' and 2 or 0)
      state.level[limited] = math.min(state.level[limited], math.max(0, remaining) + tolerance)
    end
  end
end
if pause and state.paused_by ~= call then
  state.paused_until = math.max(state.paused_until, now + pause)
  state.paused_by = call
  state.at = state.paused_until
  -- A single call tests whether the engine accepts requests again; the buckets refill from there.
  state.level.requests = math.min(state.level.requests, 1)
  state.level.tokens = math.min(state.level.tokens, buckets.tokens.capacity / 2)
  redis.call('SPUBLISH', KEYS[1], 'pause ' .. string.format('%.0f', math.ceil(state.paused_until - now)))
elseif not is_counted then
  return { 'released' }
end
write_state(KEYS[1], state)
return { 'released' }
