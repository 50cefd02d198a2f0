-- include outstanding-fields.lua

-- Appends a corrected translation. The host is not sent languages that it didn't request.
local function append_corrected(session_key, log_key, channel, target, body, now)
  local targets = ',' .. (redis.call('HGET', session_key, 'targets') or '') .. ','
  if not string.find(targets, ',' .. target .. ',', 1, true) then body = '{"listenersOnly":true,' .. string.sub(body, 2) end
  append(session_key, log_key, channel, body, now)
end

-- Removes a target from the outstanding ones; the last one of an ending session ends it.
local function drop_outstanding(session_key, segments_key, pending_key, log_key, channel, segment, target, now)
  local place = 'c' .. segment .. ' ' .. target
  if redis.call('HDEL', pending_key, 'out ' .. place) == 0 then return end
  local cost = tonumber(redis.call('HGET', pending_key, 'cost c' .. segment) or '0')
  redis.call('HDEL', pending_key, 'body ' .. place)
  -- A text that an edge of an earlier version accepted counts no bytes, and Redis refuses to add -0.
  if cost > 0 then redis.call('HINCRBY', session_key, 'outstandingBytes', -cost) end
  if redis.call('HINCRBY', pending_key, 'left c' .. segment, -1) <= 0 then
    redis.call('HDEL', pending_key, 'c' .. segment, 'left c' .. segment, 'cost c' .. segment)
  end
  redis.call('HINCRBY', session_key, 'outstanding', -1)
  if is_complete(session_key) and redis.call('HGET', session_key, 'state') == 'ending' then
    finish(session_key, segments_key, pending_key, log_key, channel, now)
  end
end
