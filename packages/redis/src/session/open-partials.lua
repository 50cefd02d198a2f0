-- Reads what was last shown for each open segment and each outstanding final, for a client that joins or resumes the session.
-- KEYS: 1 session, 2 open segments, 3 channel, 4 pending
-- Returns { head, then for each partial: revision, body (JSON) } or { '0' } if the session no longer exists.
local reply = { redis.call('HGET', KEYS[1], 'head') or '0' }
for _, segment in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local fields = redis.call('HGETALL', KEYS[3] .. ':segment:' .. segment)
  local revisions = {}
  for index = 1, #fields, 2 do
    local target = string.match(fields[index], '^shown (.+)$')
    if target then revisions[target] = fields[index + 1] end
  end
  for index = 1, #fields, 2 do
    local target = string.match(fields[index], '^message (.+)$')
    if target then
      reply[#reply + 1] = revisions[target]
      reply[#reply + 1] = fields[index + 1]
    end
  end
end
for _, field in ipairs(redis.call('HKEYS', KEYS[4])) do
  local segment_target = string.match(field, '^shown (.+)$')
  if segment_target then
    local found = redis.call('HMGET', KEYS[4], 'out ' .. segment_target, field)
    local revision, body = string.match(found[2] or '', '^(%S+) (.*)$')
    if found[1] and revision then
      reply[#reply + 1] = revision
      reply[#reply + 1] = body
    end
  end
end
return reply
