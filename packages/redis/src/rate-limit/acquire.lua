-- Acquires a permit for one call under the limits of an endpoint, from a bucket of requests and one of tokens, if both have
-- enough capacity. Partials leave a reserve to finals. Each session has a due time for its next partial, which spreads the
-- calls of all sessions evenly; the fuller the buckets, the earlier a call may start before it. Waiting sessions are served in
-- the order of their due times: each leaves enough capacity for those ahead of it.
-- Tenants share the limit evenly, by the cost of their calls: a session's calls are spaced by the number of tenants and of
-- sessions of its own tenant. A final of a tenant that has had its share is spaced like a partial.
-- KEYS: 1 limiter state, a hash: levels of the buckets, end of a pause, recent usage; 2 calls in progress by their start;
--       3 sessions of the tenant by due time; 4 waiting sessions by the due time they wait for; 5 the same by the time of their
--       retry; 6 tenants by the time up to which they have used their share
-- ARGV: 1 call, 2 'partial' | 'final', 3 tenant, 4 session or '', 5 tokens, 6 share of a bucket that is reserved for finals,
--       7 '1' if the call has started already and is only counted, 8.. both buckets (see level.lua)
-- Returns { 'granted' | 'paced' | 'no-capacity' | 'paused', wait in ms, fill of the emptier bucket (0 to 1),
--   unused share of the limit recently (0 to 1), total requests granted, total tokens granted }
-- include level.lua
-- include rates.lua
local call, kind, tenant, session, tokens = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local reserve, has_started = tonumber(ARGV[6]), ARGV[7] == '1'
local buckets, now = read_buckets(ARGV, 8), exact_now_ms()
local state, rates = read_state(KEYS[1], buckets, now), read_rates(KEYS[1], now)
local costs = { requests = 1, tokens = tokens }
local used = { requests = rates.usedRequests, tokens = rates.usedTokens }
local early = { requests = rates.earlyRequests, tokens = rates.earlyTokens }
-- A call counts as lost after call_life_ms and may not be repeated later. A session without a call for idle_after_ms
-- gets no share of the limit.
local call_life_ms, idle_after_ms = 60000, 3000
-- The finals of a tenant go first until they have used its share for this long in advance.
local final_burst_ms = 2000
-- More than this is forgotten, so that a tenant that has ended counts as active for a few seconds only.
local most_in_advance_ms = 10000
-- A waiting session that has not retried this long after its time has given up.
local retry_grace_ms = 500
-- Levels are sums of fractions, so smaller deficits are ignored.
local tolerance = 1e-6

local function reply(status, wait)
  -- The state must be corrected now: no other script would restart the refill.
  if status ~= 'granted' and state.is_clock_set_back then write_state(KEYS[1], state) end
  local fill, unused = 1, 1
  for limited, bucket in pairs(buckets) do
    if bucket.capacity > 0 then
      fill = math.min(fill, math.max(0, state.level[limited] / bucket.capacity))
      unused = math.min(unused, math.max(0, 1 - used[limited] / bucket.per_ms))
    end
  end
  return {
    status, string.format('%.0f', math.ceil(wait)), string.format('%.3f', fill), string.format('%.3f', unused),
    string.format('%.0f', state.granted.requests), string.format('%.0f', state.granted.tokens),
  }
end

if redis.call('ZSCORE', KEYS[2], call) then return reply('granted', 0) end

-- Returns how long it takes until both buckets have capacity for this call and one of the same size for each session
-- ahead. A large call is taken on credit, after the one before is repaid.
local function wait_for_capacity(ahead)
  local wait = 0
  for limited, bucket in pairs(buckets) do
    if bucket.capacity > 0 then
      local floor = kind == 'partial' and bucket.capacity * reserve or 0
      local lacking = math.min(costs[limited] + floor, bucket.capacity) + ahead * costs[limited] - state.level[limited]
      if limited == 'tokens' and is_large(tokens, buckets) then lacking = state.debt + ahead * tokens end
      if lacking > tolerance then wait = math.max(wait, lacking / bucket.per_ms) end
    end
  end
  return wait
end

-- Returns how many members of a set are active, including this one.
local function active(key, score)
  local is_new = not score or tonumber(score) < now - idle_after_ms
  return redis.call('ZCOUNT', key, string.format('%.3f', now - idle_after_ms), '+inf') + (is_new and 1 or 0)
end

-- Returns the time in which the limit, without what is taken of it, allows for this call.
local function call_ms(taken)
  local longest = 0
  for limited, bucket in pairs(buckets) do
    if bucket.capacity > 0 then
      local shared = math.max(bucket.per_ms - taken[limited], bucket.per_ms / 10)
      longest = math.max(longest, costs[limited] / shared)
    end
  end
  return longest
end

-- Returns how much earlier than its due time a session may call, in intervals: not at all while the buckets are less
-- than a third full after the needs of the sessions ahead.
local function max_lead(ahead)
  local fill = 1
  for limited, bucket in pairs(buckets) do
    if bucket.capacity > 0 then
      fill = math.min(fill, (state.level[limited] - ahead * costs[limited]) / bucket.capacity)
    end
  end
  return math.max(0, 3 * fill - 1)
end

-- Adds the session to the waiting ones; on a retry it keeps its position.
local function enqueue(position, wait)
  redis.call('ZADD', KEYS[4], string.format('%.3f', position), session)
  redis.call('ZADD', KEYS[5], string.format('%.3f', now + wait), session)
  redis.call('PEXPIRE', KEYS[4], call_life_ms)
  redis.call('PEXPIRE', KEYS[5], call_life_ms)
end

local used_until = redis.call('ZSCORE', KEYS[6], tenant)
local tenants = active(KEYS[6], used_until)
used_until = math.min(math.max(tonumber(used_until or '0'), now), now + most_in_advance_ms)
state.sharers = math.max(2, tenants)
local due_at, interval
if session ~= '' then
  local score = redis.call('ZSCORE', KEYS[3], session)
  due_at = tonumber(score or '0')
  -- The interval between two calls of one session if all active tenants, and the sessions of each, share the limit evenly. It
  -- is 5% longer, so that a due session finds capacity; the unused rest fills the buckets, which in turn lets calls start
  -- earlier. What finals use before their session's due time is not available for sharing.
  interval = call_ms(early) * tenants * active(KEYS[3], score) * 1.05
  -- The other sessions have ended, or the clock was set back.
  if due_at - now > 2 * interval then due_at = 0 end
  -- Otherwise a tenant that starts a session for each call would always be first.
  if not score and tenants > 1 and max_lead(0) == 0 then due_at = used_until end
end
-- Beyond its share, a tenant's finals wait for their due time as its partials do.
local is_over_share = kind == 'final' and due_at and tenants > 1 and used_until > now + final_burst_ms
if is_over_share then kind = 'partial' end
if not has_started then
  if state.paused_until > now then return reply('paused', state.paused_until - now) end
  local position, ahead = nil, 0
  if due_at and kind == 'partial' then
    local given_up = redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', string.format('%.3f', now - retry_grace_ms))
    for _, other in ipairs(given_up) do
      redis.call('ZREM', KEYS[4], other)
      redis.call('ZREM', KEYS[5], other)
    end
    position = tonumber(redis.call('ZSCORE', KEYS[4], session)) or math.max(due_at, now - idle_after_ms)
    ahead = redis.call('ZCOUNT', KEYS[4], '-inf', '(' .. string.format('%.3f', position))
  end
  local wait, reason = wait_for_capacity(ahead), 'no-capacity'
  if wait == 0 and position then wait, reason = math.max(0, due_at - max_lead(ahead) * interval - now), 'paced' end
  if wait > 0 then
    if position then enqueue(position, wait) end
    return reply(is_over_share and 'paced' or reason, wait)
  end
end

for limited, cost in pairs(costs) do
  if limited == 'tokens' and is_large(cost, buckets) then
    state.debt = state.debt + cost
  else
    state.level[limited] = state.level[limited] - cost
  end
  state.granted[limited] = state.granted[limited] + cost
end
write_state(KEYS[1], state)
local early_share = 0
if kind == 'final' then early_share = due_at and math.max(0, math.min(1, (due_at - now) / interval)) or 1 end
add_to_rates(KEYS[1], rates, now, early_share, tokens)
used.requests, used.tokens = rates.usedRequests, rates.usedTokens
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.3f', now - call_life_ms))
redis.call('ZADD', KEYS[2], string.format('%.3f', now), call)
redis.call('PEXPIRE', KEYS[2], call_life_ms)
redis.call('ZREMRANGEBYSCORE', KEYS[6], '-inf', string.format('%.3f', now - idle_after_ms))
used_until = math.min(used_until + call_ms({ requests = 0, tokens = 0 }) * tenants, now + most_in_advance_ms)
redis.call('ZADD', KEYS[6], string.format('%.3f', used_until), tenant)
redis.call('PEXPIRE', KEYS[6], 2 * call_life_ms)
if due_at then
  -- A session that was served late may call half an interval earlier next time; one that was early waits one interval
  -- from now.
  local next_due_at = math.max(now + interval / 2, math.min(due_at + interval, now + interval))
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', string.format('%.3f', now - idle_after_ms))
  redis.call('ZADD', KEYS[3], string.format('%.3f', next_due_at), session)
  redis.call('PEXPIRE', KEYS[3], call_life_ms)
  if kind == 'partial' then
    redis.call('ZREM', KEYS[4], session)
    redis.call('ZREM', KEYS[5], session)
  else
    redis.call('ZADD', KEYS[4], 'XX', string.format('%.3f', next_due_at), session)
  end
end
return reply('granted', 0)
