-- Ends a session: appends the last log entry and sets the same short TTL on all of its keys.
local function finish(session_key, segments_key, pending_key, log_key, channel, now)
  local fields = redis.call('HMGET', session_key, 'usageSegments', 'usageTranslations', 'usageCached', 'usageTokens', 'endedTtlMs')
  local usage = {}
  for index, name in ipairs({ 'segments', 'translations', 'cached', 'tokens' }) do
    usage[index] = '"' .. name .. '":' .. (fields[index] or '0')
  end
  append(session_key, log_key, channel, '{"v":1,"type":"ended","usage":{' .. table.concat(usage, ',') .. '}}', now)
  redis.call('HSET', session_key, 'state', 'ended')
  for _, key in ipairs({ session_key, segments_key, pending_key, log_key }) do
    redis.call('PEXPIRE', key, fields[5])
  end
end
