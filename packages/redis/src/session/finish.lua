-- Returns the sums of the session's stability counts as a member of the log entry; '' if nothing was counted.
local function stability_member(session_key)
  local names = { 'FinalUnits', 'ErasedUnits', 'ErasedUnitsAtFinal', 'CoveredUnits', 'ConcludedUnits', 'ContradictedUnits',
    'UnitsBehind', 'Revisions' }
  local sums, is_counted = {}, false
  for index, name in ipairs(names) do
    local sum = redis.call('HGET', session_key, 'stability' .. name)
    is_counted = is_counted or sum
    sums[index] = '"' .. string.lower(string.sub(name, 1, 1)) .. string.sub(name, 2) .. '":' .. (sum or '0')
  end
  return is_counted and ',"stability":{' .. table.concat(sums, ',') .. '}' or ''
end

-- Whether nothing is outstanding, and nothing buffered for the log.
local function is_complete(session_key)
  local session = redis.call('HMGET', session_key, 'outstanding', 'outstandingBytes')
  return tonumber(session[1] or '0') <= 0 and tonumber(session[2] or '0') <= 0
end

-- Ends a session: appends the last log entry and sets the same short TTL on all of its keys but the transcript.
local function finish(session_key, segments_key, pending_key, log_key, channel, now)
  local fields = redis.call('HMGET', session_key, 'usageSegments', 'usageTranslations', 'usageCached', 'usageTokens', 'endedTtlMs')
  local usage = {}
  for index, name in ipairs({ 'segments', 'translations', 'cached', 'tokens' }) do
    usage[index] = '"' .. name .. '":' .. (fields[index] or '0')
  end
  local body = '{"v":1,"type":"ended","usage":{' .. table.concat(usage, ',') .. '}' .. stability_member(session_key) .. '}'
  append(session_key, log_key, channel, body, now)
  redis.call('HSET', session_key, 'state', 'ended')
  for _, key in ipairs({ session_key, segments_key, pending_key, log_key }) do
    redis.call('PEXPIRE', key, fields[5])
  end
  seal_transcript(session_key, channel)
end
