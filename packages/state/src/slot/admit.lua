-- Whether a partial may still be put, and the note that its segment is open for these targets. The segments hash holds
-- `sDIGEST` for a settled segment and `oTARGET,TARGET` for an open one.

-- A segment that was abandoned (all its slots have run out) doesn't count as open for ever.
local function forget_abandoned(segments_key, slot_prefix)
  local open = 0
  local all = redis.call('HGETALL', segments_key)
  for index = 1, #all, 2 do
    local slots = {}
    for target in string.gmatch(string.match(all[index + 1], '^o(.*)$') or '', '[^,]+') do
      slots[#slots + 1] = slot_prefix .. all[index] .. ':' .. target
    end
    if #slots > 0 then
      if redis.call('EXISTS', unpack(slots)) > 0 then
        open = open + 1
      else
        redis.call('HDEL', segments_key, all[index])
      end
    end
  end
  redis.call('HSET', segments_key, 'open', open)
  return open
end

-- include ../session/owner.lua

-- Gives nil where the partial may be put, or why not. `listeners`: the edge has not heard what listeners want, which is
-- the second value.
local function admit(session_key, segments_key, connection, segment, targets, max_open, slot_prefix, heard)
  local session = redis.call('HMGET', session_key, 'connection', 'state', 'ownedSince', 'listenerTargets')
  if not session[1] then return 'gone' end
  local why = not_owner(session[1], session[3], connection)
  if why then return why end
  if session[2] ~= 'live' then return 'ending' end
  if (session[4] or '') ~= heard then return 'listeners', session[4] or '' end
  local marks = redis.call('HMGET', segments_key, segment, 'floor', 'open')
  if not marks[1] then
    if tonumber(segment) <= tonumber(marks[2] or '-1') then return 'too-old' end
    if tonumber(marks[3] or '0') >= max_open and forget_abandoned(segments_key, slot_prefix) >= max_open then
      return 'too-many-open'
    end
    redis.call('HSET', segments_key, segment, 'o' .. table.concat(targets, ','))
    redis.call('HINCRBY', segments_key, 'open', 1)
    return nil
  end
  if string.sub(marks[1], 1, 1) == 's' then return 'settled' end
  local noted = ',' .. string.sub(marks[1], 2) .. ','
  local more = ''
  for _, target in ipairs(targets) do
    if not string.find(noted, ',' .. target .. ',', 1, true) then more = more .. ',' .. target end
  end
  if more ~= '' then redis.call('HSET', segments_key, segment, marks[1] .. more) end
  return nil
end
