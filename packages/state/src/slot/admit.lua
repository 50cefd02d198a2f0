-- Whether a partial may still be put, and the note that its segment is open for these targets. The segments hash holds
-- `sDIGEST` for a settled segment and `oTARGET,TARGET` for an open one.
-- include ../session/owner.lua
-- include calls.lua
-- include open-segments.lua

-- Gives nil where the partial may be put, and what was evicted for it: open segments, separated by commas, then the calls in
-- flight on them. Or why it may not be put; `listeners`: the edge has not heard what listeners want, which is the second value.
local function admit(session_key, segments_key, connection, segment, targets, max_open, slot_prefix, heard, now)
  local session = redis.call('HMGET', session_key, 'connection', 'state', 'ownedSince', 'listenerTargets')
  if not session[1] then return 'gone' end
  local why = not_owner(session[1], session[3], connection)
  if why then return why end
  if session[2] ~= 'live' then return 'ending' end
  if (session[4] or '') ~= heard then return 'listeners', session[4] or '' end
  local marks = redis.call('HMGET', segments_key, segment, 'floor')
  if not marks[1] then
    if tonumber(segment) <= tonumber(marks[2] or '-1') then return 'too-old' end
    local evicted = { '' }
    evicted[1] = table.concat(evict_segments(segments_key, slot_prefix, max_open, now, evicted), ',')
    redis.call('HSET', segments_key, segment, 'o' .. table.concat(targets, ','))
    return nil, evicted
  end
  if string.sub(marks[1], 1, 1) == 's' then return 'settled' end
  local noted = ',' .. string.sub(marks[1], 2) .. ','
  local more = ''
  for _, target in ipairs(targets) do
    if not string.find(noted, ',' .. target .. ',', 1, true) then more = more .. ',' .. target end
  end
  if more ~= '' then redis.call('HSET', segments_key, segment, marks[1] .. more) end
  return nil, { '' }
end
