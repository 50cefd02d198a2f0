-- Why a partial of this segment and target is of no use any more: 'gone', 'settled', 'unwanted', or nil where it is.
-- The second value is the digest of the text that the segment was settled with.
local function refusal(session_key, segments_key, segment, target)
  local session = redis.call('HMGET', session_key, 'state', 'targets', 'listenerTargets')
  if session[1] ~= 'live' then return 'gone' end
  local mark = redis.call('HGET', segments_key, segment)
  if mark and string.sub(mark, 1, 1) == 's' then return 'settled', string.sub(mark, 2) end
  if not string.find(',' .. session[2] .. ',' .. (session[3] or '') .. ',', ',' .. target .. ',', 1, true) then return 'unwanted' end
  return nil
end
