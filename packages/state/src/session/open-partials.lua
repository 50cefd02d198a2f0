-- What was last shown of each open segment, and of each final that is outstanding, for a client that comes (back) to the session.
-- KEYS: 1 session, 2 segments, 3 channel, 4 pending
-- Returns { head, then for each partial: revision, body (JSON) } or { '0' } where the session is gone.
local reply = { redis.call('HGET', KEYS[1], 'head') or '0' }
local segments = redis.call('HGETALL', KEYS[2])
for index = 1, #segments, 2 do
  for target in string.gmatch(string.match(segments[index + 1], '^o(.*)$') or '', '[^,]+') do
    local slot = redis.call('HMGET', KEYS[3] .. ':slot:' .. segments[index] .. ':' .. target, 'shown', 'message')
    if slot[2] then
      reply[#reply + 1] = slot[1]
      reply[#reply + 1] = slot[2]
    end
  end
end
for _, field in ipairs(redis.call('HKEYS', KEYS[4])) do
  local slot = string.match(field, '^shown (.+)$')
  if slot then
    local found = redis.call('HMGET', KEYS[4], 'out ' .. slot, field)
    local revision, body = string.match(found[2] or '', '^(%S+) (.*)$')
    if found[1] and revision then
      reply[#reply + 1] = revision
      reply[#reply + 1] = body
    end
  end
end
return reply
