-- Takes no more transcripts: open partials are dropped, accepted finals are still translated. Over when none is left.
-- The calls in flight on partials are added to `calls`. Where `await_usage` is true the state is `closing` until this runs
-- again without it: workers write what the session has used, and nothing ends it meanwhile.
local function close_session(session_key, segments_key, pending_key, log_key, channel, now, calls, await_usage)
  if await_usage then
    redis.call('HSET', session_key, 'state', 'closing', 'closedAt', string.format('%.0f', now))
  else
    redis.call('HSET', session_key, 'state', 'ending')
  end
  local segments = redis.call('HGETALL', segments_key)
  for index = 1, #segments, 2 do
    local targets = string.match(segments[index + 1], '^o(.*)$')
    if targets then
      for target in string.gmatch(targets, '[^,]+') do
        local slot_key = channel .. ':slot:' .. segments[index] .. ':' .. target
        add_calls(calls, slot_key, segments[index], target, now)
        redis.call('DEL', slot_key)
      end
      redis.call('HDEL', segments_key, segments[index])
    end
  end
  redis.call('DEL', channel .. ':open')
  if await_usage then return 'ending' end
  if tonumber(redis.call('HGET', session_key, 'outstanding') or '0') > 0 then return 'ending' end
  finish(session_key, segments_key, pending_key, log_key, channel, now)
  return 'ended'
end
