-- A pause: the session's field `paused` is '1' or '0'. `pauseNumber` increases with every change, so that an edge that hears of
-- two changes in the wrong order ends in the right state.

-- Returns the session's state of pause: '1' or '0', and the number of the last change.
local function pause_state(session_key)
  local pause = redis.call('HMGET', session_key, 'paused', 'pauseNumber')
  return pause[1] == '1' and '1' or '0', pause[2] or '0'
end

-- Ends the calls for all open segments. What was last shown of them is kept: their next partial continues from there. They have
-- no lease then, so their former holders can't publish anything, and no job is due until that partial.
local function stop_open_segments(channel)
  for _, segment in ipairs(redis.call('ZRANGE', channel .. ':open', 0, -1)) do
    redis.call('HDEL', channel .. ':segment:' .. segment, 'leaseUntil', 'markedAt', 'addedAt', 'markedBy')
    redis.call('SPUBLISH', channel .. ':work', '{"v":1,"type":"evicted","segmentId":' .. segment .. '}')
  end
end

-- Announces a changed pause to all edges as `z PAUSED NUMBER`.
local function pause_changed(session_key, channel, now)
  local number = next_number(redis.call('HGET', session_key, 'pauseNumber'), now)
  redis.call('HSET', session_key, 'pauseNumber', number)
  local paused = pause_state(session_key)
  if paused == '1' then stop_open_segments(channel) end
  redis.call('SPUBLISH', channel, 'z ' .. paused .. ' ' .. number)
end
