-- Reads what was last shown for each open segment and each outstanding final, for a client that joins or resumes the session.
-- KEYS: 1 session, 2 open segments, 3 channel, 4 pending
-- Returns { head, then for each partial: revision, body (JSON) } or { '0' } if the session no longer exists.
local reply = { redis.call('HGET', KEYS[1], 'head') or '0' }
for _, segment in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local fields = redis.call('HGETALL', KEYS[3] .. ':segment:' .. segment)
  local revisions, targets, bodies = {}, {}, {}
  for index = 1, #fields, 2 do
    local name = fields[index]
    if string.sub(name, 1, 6) == 'shown ' then
      revisions[string.sub(name, 7)] = fields[index + 1]
    elseif string.sub(name, 1, 8) == 'message ' then
      targets[#targets + 1] = string.sub(name, 9)
      bodies[#bodies + 1] = fields[index + 1]
    end
  end
  for index, target in ipairs(targets) do
    reply[#reply + 1] = revisions[target]
    reply[#reply + 1] = bodies[index]
  end
end
local cursor = '0'
repeat
  local page = redis.call('HSCAN', KEYS[4], cursor, 'MATCH', 'shown *', 'COUNT', 1000)
  cursor = page[1]
  for index = 1, #page[2], 2 do
    local segment_target = string.sub(page[2][index], 7)
    local revision, body = string.match(page[2][index + 1], '^(%S+) (.*)$')
    if revision and redis.call('HEXISTS', KEYS[4], 'out ' .. segment_target) == 1 then
      reply[#reply + 1] = revision
      reply[#reply + 1] = body
    end
  end
until cursor == '0'
return reply
