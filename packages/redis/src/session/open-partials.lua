-- Reads what was last shown for each open segment and each outstanding final, for a client that joins or resumes the session.
-- Some segments at a time, since their texts may be long; the finals with the last ones.
-- KEYS: 1 session, 2 open segments, 3 channel, 4 pending
-- ARGV: 1 number of segments read before
-- Returns { head, number to read on from or '', then for each partial: revision, body (JSON) } or { '0', '' } if the session no longer exists.
local page_size, first = 8, tonumber(ARGV[1])
local segments = redis.call('ZRANGE', KEYS[2], first, first + page_size - 1)
local has_more = #segments == page_size
local reply = { redis.call('HGET', KEYS[1], 'head') or '0', has_more and tostring(first + page_size) or '' }
for _, segment in ipairs(segments) do
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
if has_more then return reply end
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
