-- Takes no more transcripts: open partials are dropped, accepted finals are still translated. Over when none is left.
-- Where `for_calls` is true and worker threads hold open segments, the session isn't over yet: what their calls cost is still
-- to be counted. Gives the state, and how many segments are held.
local function close_session(session_key, segments_key, pending_key, log_key, channel, now, for_calls)
  redis.call('HSET', session_key, 'state', 'ending')
  local open_key, held = channel .. ':open', 0
  for _, segment in ipairs(redis.call('ZRANGE', open_key, 0, -1)) do
    local segment_key = channel .. ':segment:' .. segment
    if tonumber(redis.call('HGET', segment_key, 'leaseUntil') or '0') > now then held = held + 1 end
    redis.call('DEL', segment_key)
  end
  redis.call('DEL', open_key)
  if held > 0 then redis.call('SPUBLISH', channel .. ':work', '{"v":1,"type":"ended"}') end
  if tonumber(redis.call('HGET', session_key, 'outstanding') or '0') > 0 then return 'ending', held end
  if for_calls and held > 0 then return 'ending', held end
  finish(session_key, segments_key, pending_key, log_key, channel, now)
  return 'ended', held
end
