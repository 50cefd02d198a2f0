-- Closes a session to further transcripts. Open segments are dropped, accepted finals are still translated, and the
-- session ends when none is outstanding. If `await_usage` is true, the state is `closing` until this runs again without
-- it; meanwhile workers write the session's usage.
local function close_session(session_key, segments_key, pending_key, log_key, channel, now, await_usage)
  if await_usage then
    redis.call('HSET', session_key, 'state', 'closing', 'closedAt', string.format('%.0f', now))
  else
    redis.call('HSET', session_key, 'state', 'ending')
  end
  local open_key = channel .. ':open'
  local segments = redis.call('ZRANGE', open_key, 0, -1)
  for _, segment in ipairs(segments) do redis.call('UNLINK', channel .. ':segment:' .. segment) end
  redis.call('DEL', open_key)
  if #segments > 0 then redis.call('SPUBLISH', channel .. ':work', '{"v":1,"type":"ended"}') end
  if await_usage then return 'ending' end
  if not is_complete(session_key) then return 'ending' end
  finish(session_key, segments_key, pending_key, log_key, channel, now)
  return 'ended'
end
