-- include remove-oldest.lua
-- include ../transcript/keep.lua

-- Appends an entry to a session's log and publishes it as `l OFFSET PREVIOUS BODY`: its offset, the offset of the
-- previous entry, and the JSON body, which contains no offsets. Trims the log to the size and age that the session was
-- opened with. The entry is also kept in the transcript, which outlives the log. Returns the offset.
local function append(session_key, log_key, channel, body, now)
  local fields = redis.call('HMGET', session_key, 'head', 'logMaxBytes', 'logMaxAgeMs', 'logTrimmedAt', 'transcriptRetentionMs',
    'transcriptMaxBytes')
  local head = fields[1]
  local offset = next_number(head, now)
  redis.call('XADD', log_key, offset .. '-0', 'body', body)
  redis.call('HSET', session_key, 'head', offset)
  local bytes = redis.call('HINCRBY', session_key, 'logBytes', #body)
  local max_bytes = tonumber(fields[2])
  if bytes > max_bytes or now > (tonumber(fields[4]) or 0) + 60000 then
    local oldest_kept = (now - tonumber(fields[3])) * 1000
    local freed, trimmed_to = remove_oldest(log_key, offset, 256, function(freed, number)
      return bytes - freed <= max_bytes and number >= oldest_kept
    end)
    if freed > 0 then
      redis.call('HINCRBY', session_key, 'logBytes', -freed)
      redis.call('HSET', session_key, 'logTrimmedTo', trimmed_to)
    end
    redis.call('HSET', session_key, 'logTrimmedAt', string.format('%.0f', now))
  end
  keep_in_transcript(session_key, channel, offset, body, fields[5], fields[6])
  redis.call('SPUBLISH', channel, 'l ' .. offset .. ' ' .. head .. ' ' .. body)
  return offset
end
