-- Appends an entry to a session's log and publishes it as `l OFFSET PREVIOUS BODY`: its offset, the offset of the
-- previous entry, and the JSON body, which contains no offsets. Trims the log to the size and age that the session was
-- opened with.
local function append(session_key, log_key, channel, body, now)
  local fields = redis.call('HMGET', session_key, 'head', 'logMaxBytes', 'logMaxAgeMs', 'logTrimmedAt')
  local head = fields[1]
  local offset = next_number(head, now)
  redis.call('XADD', log_key, offset .. '-0', 'body', body)
  redis.call('HSET', session_key, 'head', offset)
  local bytes = redis.call('HINCRBY', session_key, 'logBytes', #body)
  local max_bytes = tonumber(fields[2])
  if bytes > max_bytes or now > (tonumber(fields[4]) or 0) + 60000 then
    local oldest_kept = (now - tonumber(fields[3])) * 1000
    local freed = 0
    for _, entry in ipairs(redis.call('XRANGE', log_key, '-', '+', 'COUNT', 256)) do
      local number = tonumber(string.match(entry[1], '^(%d+)'))
      if entry[1] == offset .. '-0' or (bytes - freed <= max_bytes and number >= oldest_kept) then break end
      redis.call('XDEL', log_key, entry[1])
      redis.call('HSET', session_key, 'logTrimmedTo', string.format('%.0f', number))
      freed = freed + #entry[2][2]
    end
    if freed > 0 then redis.call('HINCRBY', session_key, 'logBytes', -freed) end
    redis.call('HSET', session_key, 'logTrimmedAt', string.format('%.0f', now))
  end
  redis.call('SPUBLISH', channel, 'l ' .. offset .. ' ' .. head .. ' ' .. body)
end
