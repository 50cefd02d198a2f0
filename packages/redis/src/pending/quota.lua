-- The quota of outstanding work. Fields of the session hash:
--   outstanding       number of outstanding translations
--   outstandingBytes  what they count in bytes, and what an ordered session buffers
--   creditBytes       how many bytes the session may have outstanding, reserved from its tenant's quota; absent: no more than
--                     every session may
local max_finals = 512

-- Whether one of these targets has too many finals after the first unresolved one. `fields`: `last TARGET` and `done TARGET` of each.
local function is_too_far_ahead(pending_key, fields)
  if #fields == 0 then return false end
  local numbers = redis.call('HMGET', pending_key, unpack(fields))
  for index = 1, #fields, 2 do
    if tonumber(numbers[index] or '0') - tonumber(numbers[index + 1] or '0') >= max_finals then return true end
  end
  return false
end

-- Counts `added` translations and their bytes, unless they exceed the quota of the session, or its credit. Nothing exceeds the
-- quota while nothing is outstanding. Bytes that will be buffered at once are only checked: they are counted when they are.
-- Returns nil or the reply to send instead: { 'full', outstanding bytes, bytes in excess } or
-- { 'credit', credit needed, outstanding bytes }.
local function count_outstanding(session_key, added, added_bytes, max_bytes, granted, buffered_bytes)
  local session = redis.call('HMGET', session_key, 'outstanding', 'outstandingBytes', 'creditBytes')
  local outstanding, bytes = math.max(0, tonumber(session[1] or '0')), math.max(0, tonumber(session[2] or '0'))
  local after = bytes + added_bytes + buffered_bytes
  if outstanding > 0 and after > max_bytes then
    return { 'full', string.format('%.0f', bytes), string.format('%.0f', after - max_bytes) }
  end
  local needed, credit = math.min(after, max_bytes), math.max(tonumber(session[3] or '0'), granted)
  if needed > credit then return { 'credit', string.format('%.0f', needed), string.format('%.0f', bytes) } end
  redis.call('HSET', session_key, 'outstanding', string.format('%.0f', outstanding + added),
    'outstandingBytes', string.format('%.0f', bytes + added_bytes), 'creditBytes', string.format('%.0f', credit))
  return nil
end
