-- Takes room for one call under the limits of an endpoint: out of a bucket of requests and one of tokens, if both have it.
-- Partials leave a reserve to finals, and wait for their session's turn: the fuller the buckets, the earlier it comes.
-- KEYS: 1 room, a hash: what is left, paused until when, what was taken lately; 2 calls under way by when they began;
--       3 sessions by when their turn comes
-- ARGV: 1 call, 2 'partial' | 'final', 3 session or '', 4 tokens, 5 share of a bucket that only finals may use,
--       6 '1' where the call is made already and is only counted, 7.. both buckets (see level.lua)
-- Returns { 'granted' | 'paced' | 'no-room' | 'paused', wait in ms, how full the emptier bucket is (0 to 1),
--   share of the allowance not used lately (0 to 1), requests given away in all, tokens }
-- include level.lua
-- include rates.lua
local call, kind, session, tokens = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local reserve, is_made = tonumber(ARGV[5]), ARGV[6] == '1'
local buckets, now = read_buckets(ARGV, 7), exact_now_ms()
local room, rates = read_room(KEYS[1], buckets, now), read_rates(KEYS[1], now)
local costs = { requests = 1, tokens = tokens }
local used = { requests = rates.usedRequests, tokens = rates.usedTokens }
local final = { requests = rates.finalRequests, tokens = rates.finalTokens }
-- A call is taken for lost, and may not be asked for again, after this time; a session that hasn't spoken for the other
-- has no share.
local call_life_ms, silence_ms = 60000, 3000
-- What lacks less than this is there: levels are sums of fractions.
local tolerance = 1e-6

local function answer(status, wait)
  -- Refilling begins anew: nothing else would ever bring it on.
  if status ~= 'granted' and room.is_put_back then write_room(KEYS[1], room) end
  local fill, unused = 1, 1
  for limited, bucket in pairs(buckets) do
    if bucket.capacity > 0 then
      fill = math.min(fill, math.max(0, room.level[limited] / bucket.capacity))
      unused = math.min(unused, math.max(0, 1 - used[limited] / bucket.per_ms))
    end
  end
  return {
    status, string.format('%.0f', math.ceil(wait)), string.format('%.3f', fill), string.format('%.3f', unused),
    string.format('%.0f', room.given.requests), string.format('%.0f', room.given.tokens),
  }
end

if redis.call('ZSCORE', KEYS[2], call) then return answer('granted', 0) end

-- How long a call waits until both buckets have room for it. One that is larger than a bucket fits into a full one.
local function wait_for_room()
  local wait = 0
  for limited, bucket in pairs(buckets) do
    if bucket.capacity > 0 then
      local floor = kind == 'partial' and bucket.capacity * reserve or 0
      local lacking = math.min(costs[limited] + floor, bucket.capacity) - room.level[limited]
      if lacking > tolerance then wait = math.max(wait, lacking / bucket.per_ms) end
    end
  end
  return wait
end

-- The time between two calls of one session where all that speak share evenly what finals leave.
local function interval(is_new)
  local speaking = redis.call('ZCOUNT', KEYS[3], string.format('%.3f', now - silence_ms), '+inf') + (is_new and 1 or 0)
  local longest = 0
  for limited, bucket in pairs(buckets) do
    if bucket.capacity > 0 then
      local left = math.max(bucket.per_ms - final[limited], bucket.per_ms / 10)
      longest = math.max(longest, costs[limited] / left)
    end
  end
  return longest * speaking
end

-- How much earlier than its turn a session may come, in intervals: not at all while the buckets are less than half full.
local function leeway()
  local fill = 1
  for limited, bucket in pairs(buckets) do
    if bucket.capacity > 0 then fill = math.min(fill, room.level[limited] / bucket.capacity) end
  end
  return math.max(0, 4 * fill - 2)
end

local turn, every
if kind == 'partial' and session ~= '' then
  turn = tonumber(redis.call('ZSCORE', KEYS[3], session) or '0')
  every = interval(turn < now - silence_ms)
  -- The others have left, or the clock was put back.
  if turn - now > 2 * every then turn = 0 end
end
if not is_made then
  if room.paused_until > now then return answer('paused', room.paused_until - now) end
  local wait = wait_for_room()
  if wait > 0 then return answer('no-room', wait) end
  if turn then
    local until_turn = turn - leeway() * every - now
    if until_turn > 0 then return answer('paced', until_turn) end
  end
end

for limited, cost in pairs(costs) do
  room.level[limited] = room.level[limited] - cost
  room.given[limited] = room.given[limited] + cost
end
write_room(KEYS[1], room)
add_to_rates(KEYS[1], rates, now, kind, tokens)
used.requests, used.tokens = rates.usedRequests, rates.usedTokens
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.3f', now - call_life_ms))
redis.call('ZADD', KEYS[2], string.format('%.3f', now), call)
redis.call('PEXPIRE', KEYS[2], call_life_ms)
if turn then
  -- Who was served late may come half an interval earlier the next time; who came early waits one from now.
  local nextTurn = math.max(now + every / 2, math.min(turn + every, now + every))
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', string.format('%.3f', now - silence_ms))
  redis.call('ZADD', KEYS[3], string.format('%.3f', nextTurn), session)
  redis.call('PEXPIRE', KEYS[3], call_life_ms)
end
return answer('granted', 0)
