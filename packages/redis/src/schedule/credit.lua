-- Returns the credit of a session (see ../pending/quota.lua) and the size of its options if they are to be reported to its tenant,
-- '' otherwise. Credit that is no longer needed is given back.
local function due_credit(session_key, state, min_credit, step, interval_ms, now)
  if state == 'ended' then return '0' end
  local session = redis.call('HMGET', session_key, 'outstanding', 'outstandingBytes', 'creditBytes', 'creditCheckedAt')
  if now < tonumber(session[4] or '0') + interval_ms then return '' end
  local used = tonumber(session[1] or '0') > 0 and tonumber(session[2] or '0') or 0
  local needed = math.max(min_credit, math.ceil(used / step) * step)
  local credit = string.format('%.0f', math.min(needed, math.max(min_credit, tonumber(session[3] or '0'))))
  redis.call('HSET', session_key, 'creditBytes', credit, 'creditCheckedAt', string.format('%.0f', now))
  return string.format('%.0f', credit + redis.call('HSTRLEN', session_key, 'options'))
end
