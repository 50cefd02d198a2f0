-- Checks whether a partial may be put. The segments hash contains `sDIGEST` for each settled segment; an open segment has its
-- own hash and is a member of the sorted set of open segments.
-- include ../session/owner.lua
-- include open-segments.lua

-- Returns nil and the newest offset of the log if the partial may be put, or the reason why not. `listeners`: the edge
-- doesn't know the languages that listeners request now, which are the second value.
local function admit(session_key, segments_key, connection, segment, is_open, known_targets)
  local session = redis.call('HMGET', session_key, 'connection', 'state', 'ownedSince', 'listenerTargets', 'head', 'paused')
  if not session[1] then return 'gone' end
  local refusal = not_owner(session[1], session[3], connection)
  if refusal then return refusal end
  if session[2] ~= 'live' then return 'ending' end
  if session[6] == '1' then return 'paused' end
  if (session[4] or '') ~= known_targets then return 'listeners', session[4] or '' end
  if not is_open then
    local marks = redis.call('HMGET', segments_key, segment, 'floor')
    if string.sub(marks[1] or '', 1, 1) == 's' then return 'settled' end
    if tonumber(segment) <= tonumber(marks[2] or '-1') then return 'too-old' end
  end
  return nil, session[5]
end
