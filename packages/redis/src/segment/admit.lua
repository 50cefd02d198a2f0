-- Whether a partial may be put. The segments hash holds `sDIGEST` for each settled segment; an open one has a hash of its own
-- and stands in the sorted set of open segments.
-- include ../session/owner.lua
-- include open-segments.lua

-- Gives nil and the newest offset of the log where the partial may be put, or why it may not; `listeners`: the edge has not
-- heard what listeners want, which is the second value.
local function admit(session_key, segments_key, connection, segment, is_open, heard)
  local session = redis.call('HMGET', session_key, 'connection', 'state', 'ownedSince', 'listenerTargets', 'head')
  if not session[1] then return 'gone' end
  local why = not_owner(session[1], session[3], connection)
  if why then return why end
  if session[2] ~= 'live' then return 'ending' end
  if (session[4] or '') ~= heard then return 'listeners', session[4] or '' end
  if not is_open then
    local marks = redis.call('HMGET', segments_key, segment, 'floor')
    if string.sub(marks[1] or '', 1, 1) == 's' then return 'settled' end
    if tonumber(segment) <= tonumber(marks[2] or '-1') then return 'too-old' end
  end
  return nil, session[5]
end
