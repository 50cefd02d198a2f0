-- include remove-oldest.lua
-- include ../transcript/keep.lua

-- Removes what exceeds the size that the session was opened with, and once a minute what is older than its age.
local function trim_log(session_key, log_key, newest, bytes, limits, now)
  local max_bytes, oldest_kept = limits.max_bytes, (now - limits.max_age_ms) * 1000
  local is_full = bytes > max_bytes
  if not is_full and now <= limits.trimmed_at + 60000 then return end
  local freed, trimmed_to
  if is_full then
    freed, trimmed_to = remove_excess(log_key, newest, bytes, max_bytes)
  else
    freed, trimmed_to = remove_oldest(log_key, newest, 256, function(_, number) return number >= oldest_kept end)
    redis.call('HSET', session_key, 'logTrimmedAt', string.format('%.0f', now))
  end
  if not trimmed_to then return end
  redis.call('HINCRBY', session_key, 'logBytes', -freed)
  redis.call('HSET', session_key, 'logTrimmedTo', trimmed_to)
end

-- Appends entries to a session's log and publishes each as `l OFFSET PREVIOUS BODY`: its offset, the offset of the
-- previous entry, and the JSON body, which contains no offsets. Trims the log to the size and age that the session was
-- opened with. The entries are also kept in the transcript, which outlives the log. Returns the offset of the last one.
local function append_all(session_key, log_key, channel, bodies, now)
  local fields = redis.call('HMGET', session_key, 'head', 'logMaxBytes', 'logMaxAgeMs', 'logTrimmedAt', 'transcriptRetentionMs',
    'transcriptMaxBytes')
  local head, added = fields[1], 0
  local transcript = is_transcript_kept(fields[5]) and transcript_key(channel)
  for _, body in ipairs(bodies) do
    local offset = next_number(head, now)
    redis.call('XADD', log_key, offset .. '-0', 'body', body)
    if transcript then redis.call('XADD', transcript, offset .. '-0', 'body', body) end
    redis.call('SPUBLISH', channel, 'l ' .. offset .. ' ' .. head .. ' ' .. body)
    head, added = offset, added + #body
  end
  redis.call('HSET', session_key, 'head', head)
  local bytes = redis.call('HINCRBY', session_key, 'logBytes', added)
  local limits = { max_bytes = tonumber(fields[2]), max_age_ms = tonumber(fields[3]), trimmed_at = tonumber(fields[4]) or 0 }
  trim_log(session_key, log_key, head, bytes, limits, now)
  if transcript then trim_transcript(session_key, channel, head, added, fields[5], fields[6]) end
  return head
end

-- Appends one entry.
local function append(session_key, log_key, channel, body, now)
  return append_all(session_key, log_key, channel, { body }, now)
end
