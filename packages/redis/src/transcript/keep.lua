-- The transcript of a session: a stream of the entries of its log, by the same offsets. It is limited by size alone, and
-- kept for a while after the end of the session. Nothing is written if the session has no `transcriptRetentionMs`, or 0.

local function transcript_key(channel) return channel .. ':transcript' end

-- While the session is open, the key has a TTL, too, which is renewed: a process of an earlier version, which does not know
-- the key, may end or erase the session.
local function renew_transcript(channel, retention_ms)
  local ttl_ms = tonumber(retention_ms or '0') + 3600000
  redis.call('PEXPIRE', transcript_key(channel), string.format('%.0f', ttl_ms))
end

local function is_transcript_kept(retention_ms) return tonumber(retention_ms or '0') > 0 end

-- Counts entries that were added to the transcript, `newest` being the last one, and removes the oldest ones if it is too large.
local function trim_transcript(session_key, channel, newest, added, retention_ms, max_bytes)
  local bytes = redis.call('HINCRBY', session_key, 'transcriptBytes', added)
  if bytes > tonumber(max_bytes) then
    local freed, removed = remove_excess(transcript_key(channel), newest, bytes, tonumber(max_bytes))
    if removed then
      redis.call('HINCRBY', session_key, 'transcriptBytes', -freed)
      redis.call('HSET', session_key, 'transcriptTrimmedTo', removed)
    end
  end
  renew_transcript(channel, retention_ms)
end

-- Sets the TTL of the transcript of a session that has ended, and adds an entry `OFFSET-1` with what is needed to read it: the
-- session itself expires earlier.
local function seal_transcript(session_key, channel)
  local names = { 'tenant', 'startHead', 'sourceLanguage', 'targets', 'listenerLanguages', 'joinCode', 'transcriptTrimmedTo', 'room' }
  local values = redis.call('HMGET', session_key, unpack(names))
  local session = redis.call('HMGET', session_key, 'head', 'transcriptRetentionMs')
  if not is_transcript_kept(session[2]) then return end
  local fields = {}
  for index, name in ipairs(names) do
    fields[#fields + 1] = name
    fields[#fields + 1] = values[index] or ''
  end
  redis.call('XADD', transcript_key(channel), session[1] .. '-1', unpack(fields))
  redis.call('PEXPIRE', transcript_key(channel), session[2])
end
