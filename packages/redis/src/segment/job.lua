-- Says whether a job of this open segment must be added to the queue of partials, and gives its number, or ''. None is due
-- while a worker thread holds the segment, or while a job waits for one.
-- `asker` names the call that asks: made twice, it gets the same answer.
-- A job that was marked more than 1 s ago is added again under its own number: whoever should have added it may be dead. After
-- 5 s it counts as lost, and the next number is given.
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
