-- Takes room for one call under the limits of an endpoint: out of a bucket of requests and one of tokens, if both have it.
-- Partials leave a reserve to finals, and wait for their session's turn: the fuller the buckets, the earlier it comes.
-- Sessions that wait are served in the order of their turns: each leaves room for those before it.
-- KEYS: 1 room, a hash: what is left, paused until when, what was taken lately; 2 calls under way by when they began;
--       3 sessions by when their next turn comes; 4 those that wait by the turn they wait for; 5 the same by when they were
--       told to come again
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
local early = { requests = rates.earlyRequests, tokens = rates.earlyTokens }
-- A call is taken for lost, and may not be asked for again, after this time; a session that hasn't spoken for the other
-- has no share.
local call_life_ms, silence_ms = 60000, 3000
-- Who waits and doesn't come when it was told to has given up after this time.
local patience_ms = 500
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

-- How long a call waits until both buckets have room for it and for those before it, each as large as itself. One that is
-- larger than a bucket fits into a full one.
local function wait_for_room(before)
  local wait = 0
  for limited, bucket in pairs(buckets) do
    if bucket.capacity > 0 then
      local floor = kind == 'partial' and bucket.capacity * reserve or 0
      local lacking = math.min(costs[limited] + floor, bucket.capacity) + before * costs[limited] - room.level[limited]
      if lacking > tolerance then wait = math.max(wait, lacking / bucket.per_ms) end
    end
  end
  return wait
end

-- The time between two calls of one session where all that speak share the allowance evenly. What finals take before
-- their session's turn is nobody's share. A little longer than that, so that who is due finds room: what is left over so
-- fills the buckets, and turns come earlier then.
local function interval(is_new)
  local speaking = redis.call('ZCOUNT', KEYS[3], string.format('%.3f', now - silence_ms), '+inf') + (is_new and 1 or 0)
  local longest = 0
  for limited, bucket in pairs(buckets) do
    if bucket.capacity > 0 then
      local left = math.max(bucket.per_ms - early[limited], bucket.per_ms / 10)
      longest = math.max(longest, costs[limited] / left)
    end
  end
  return longest * speaking * 1.05
end

-- How much earlier than its turn a session may come, in intervals: not at all while the buckets, without what those before
-- it need, are less than a third full.
local function leeway(before)
  local fill = 1
  for limited, bucket in pairs(buckets) do
    if bucket.capacity > 0 then
      fill = math.min(fill, (room.level[limited] - before * costs[limited]) / bucket.capacity)
    end
  end
  return math.max(0, 3 * fill - 1)
end

-- Takes the session's place among those that wait; asked again it keeps it.
local function wait_in_turn(place, wait)
  redis.call('ZADD', KEYS[4], string.format('%.3f', place), session)
  redis.call('ZADD', KEYS[5], string.format('%.3f', now + wait), session)
  redis.call('PEXPIRE', KEYS[4], call_life_ms)
  redis.call('PEXPIRE', KEYS[5], call_life_ms)
end

local turn, every
if session ~= '' then
  turn = tonumber(redis.call('ZSCORE', KEYS[3], session) or '0')
  every = interval(turn < now - silence_ms)
  -- The others have left, or the clock was put back.
  if turn - now > 2 * every then turn = 0 end
end
if not is_made then
  if room.paused_until > now then return answer('paused', room.paused_until - now) end
  local place, before = nil, 0
  if turn and kind == 'partial' then
    local given_up = redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', string.format('%.3f', now - patience_ms))
    for _, other in ipairs(given_up) do
      redis.call('ZREM', KEYS[4], other)
      redis.call('ZREM', KEYS[5], other)
    end
    place = tonumber(redis.call('ZSCORE', KEYS[4], session)) or math.max(turn, now - silence_ms)
    before = redis.call('ZCOUNT', KEYS[4], '-inf', '(' .. string.format('%.3f', place))
  end
  local wait, why = wait_for_room(before), 'no-room'
  if wait == 0 and place then wait, why = math.max(0, turn - leeway(before) * every - now), 'paced' end
  if wait > 0 then
    if place then wait_in_turn(place, wait) end
    return answer(why, wait)
  end
end

for limited, cost in pairs(costs) do
  room.level[limited] = room.level[limited] - cost
  room.given[limited] = room.given[limited] + cost
end
write_room(KEYS[1], room)
local came_early = 0
if kind == 'final' then came_early = turn and math.max(0, math.min(1, (turn - now) / every)) or 1 end
add_to_rates(KEYS[1], rates, now, came_early, tokens)
used.requests, used.tokens = rates.usedRequests, rates.usedTokens
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.3f', now - call_life_ms))
redis.call('ZADD', KEYS[2], string.format('%.3f', now), call)
redis.call('PEXPIRE', KEYS[2], call_life_ms)
if turn then
  -- Who was served late may come half an interval earlier the next time; who came early waits one from now.
  local next_turn = math.max(now + every / 2, math.min(turn + every, now + every))
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', string.format('%.3f', now - silence_ms))
  redis.call('ZADD', KEYS[3], string.format('%.3f', next_turn), session)
  redis.call('PEXPIRE', KEYS[3], call_life_ms)
  if kind == 'partial' then
    redis.call('ZREM', KEYS[4], session)
    redis.call('ZREM', KEYS[5], session)
  else
    redis.call('ZADD', KEYS[4], 'XX', string.format('%.3f', next_turn), session)
  end
end
return answer('granted', 0)
