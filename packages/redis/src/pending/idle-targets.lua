-- A session may change its languages again and again. If it has had too many, the numbers of those without unresolved finals are
-- forgotten; they begin anew then.
local function forget_idle_targets(pending_key)
  local max_targets = 256
  if tonumber(redis.call('HGET', pending_key, 'targetCount') or '0') <= max_targets then return end
  local cursor, left = '0', 0
  repeat
    local page = redis.call('HSCAN', pending_key, cursor, 'MATCH', 'last *', 'COUNT', 1000)
    cursor = page[1]
    for index = 1, #page[2], 2 do
      local done = 'done ' .. string.sub(page[2][index], 6)
      if redis.call('HGET', pending_key, done) == page[2][index + 1] then
        redis.call('HDEL', pending_key, page[2][index], done)
      else
        left = left + 1
      end
    end
  until cursor == '0'
  redis.call('HSET', pending_key, 'targetCount', left)
end
