-- Returns the number of the job to add to the partial queue for this open segment, or ''. No job is due while a worker
-- thread holds the segment or a job is waiting. A repeated call with the same `asker` returns the same result. A job
-- that was requested more than 1 s ago is returned again under its number, since the process that should have added it
-- may be dead. After 5 s it counts as lost, and the next number is returned.
local function due_job(segment_key, now, asker)
  local kept = redis.call('HMGET', segment_key, 'leaseUntil', 'job', 'markedAt', 'addedAt', 'markedBy')
  if tonumber(kept[1] or '0') > now then return '' end
  local at = string.format('%.0f', now)
  if kept[3] and now - tonumber(kept[3]) <= 5000 then
    if kept[5] == asker then return kept[2] end
    if now - tonumber(kept[4]) <= 1000 then return '' end
    redis.call('HSET', segment_key, 'addedAt', at, 'markedBy', asker)
    return kept[2]
  end
  local number = next_number(kept[2], now)
  redis.call('HSET', segment_key, 'job', number, 'markedAt', at, 'addedAt', at, 'markedBy', asker)
  return number
end
