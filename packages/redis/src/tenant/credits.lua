-- What the sessions of a tenant have reserved of its quota of outstanding bytes. The hash maps each session to
-- `BYTES LEASE_END CHANGED_AT`; `:total` is the sum, and `:checkedAt` when expired reservations were removed.

local function read_credit(key, session)
  local bytes, _, changed_at = string.match(redis.call('HGET', key, session) or '', '^(%d+) (%d+) (%d+)$')
  return tonumber(bytes or '0'), tonumber(changed_at or '0')
end

local function write_credit(key, session, before, bytes, lease_ms, now, changed_at)
  redis.call('HSET', key, session, string.format('%.0f %.0f %.0f', bytes, now + lease_ms, changed_at))
  redis.call('HINCRBY', key, ':total', bytes - before)
  redis.call('PEXPIRE', key, lease_ms)
end

-- Removes the reservations of sessions that no longer exist, and adds the others up again. At most once a second, because it
-- reads all of them.
local function remove_expired(key, now)
  if now < tonumber(redis.call('HGET', key, ':checkedAt') or '0') + 1000 then return end
  local total, fields = 0, redis.call('HGETALL', key)
  for index = 1, #fields, 2 do
    local bytes, lease_end = string.match(fields[index + 1], '^(%d+) (%d+) %d+$')
    if bytes and tonumber(lease_end) <= now then redis.call('HDEL', key, fields[index]) end
    if bytes and tonumber(lease_end) > now then total = total + tonumber(bytes) end
  end
  redis.call('HSET', key, ':total', string.format('%.0f', total), ':checkedAt', string.format('%.0f', now))
end
