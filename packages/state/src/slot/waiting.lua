-- The session's tickets that wait in the lane: a sorted set of `SEGMENT:TARGET` by the time of the mark. A ticket counts
-- until a worker comes with it, also where its segment was settled meanwhile: its job still stands in the lane. Past 5 s a
-- ticket is taken for lost, so nothing has to be put right here, and the key runs out by itself.
local function waiting_of(slot_key)
  local session, slot = string.match(slot_key, '^(.-}):slot:(.+)$')
  return session .. ':waiting', slot
end

local function waiting_tickets(slot_key, now)
  local key = waiting_of(slot_key)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now - 5000))
  return redis.call('ZCARD', key)
end

local function wait_from(slot_key, now)
  local key, slot = waiting_of(slot_key)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now - 5000))
  redis.call('ZADD', key, string.format('%.0f', now), slot)
  redis.call('PEXPIRE', key, 10000)
end

local function wait_no_more(slot_key)
  local key, slot = waiting_of(slot_key)
  redis.call('ZREM', key, slot)
end

local function placed(slot_key, ticket)
  local key, slot = waiting_of(slot_key)
  return ticket .. ' ' .. (redis.call('ZRANK', key, slot) or 0)
end
