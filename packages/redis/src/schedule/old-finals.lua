-- Returns outstanding finals that are old enough, at most `max_finals`: segment, target, job number and priority of each. Looks
-- at a part of the pending hash only; the next inspection continues there.
local function old_finals(session_key, pending_key, max_finals, min_age_ms, now)
  local settled_before, finals = (now - min_age_ms) * 1000, {}
  local cursor = redis.call('HGET', session_key, 'inspectedTo') or '0'
  for _ = 1, 4 do
    local page = redis.call('HSCAN', pending_key, cursor, 'MATCH', 'out *', 'COUNT', 500)
    cursor = page[1]
    for index = 1, #page[2], 2 do
      local segment, target = string.match(page[2][index], '^out (%S+) (%S+)$')
      local job, priority = string.match(page[2][index + 1], '^(%S+) (%S+)')
      if segment and tonumber(job) <= settled_before and #finals < 4 * max_finals then
        for _, value in ipairs({ segment, target, job, priority }) do finals[#finals + 1] = value end
      end
    end
    if cursor == '0' or #finals >= 4 * max_finals then break end
  end
  if cursor == '0' then
    redis.call('HDEL', session_key, 'inspectedTo')
  else
    redis.call('HSET', session_key, 'inspectedTo', cursor)
  end
  return finals
end
