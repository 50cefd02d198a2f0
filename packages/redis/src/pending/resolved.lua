-- One target of an accepted final has its result. The fields of the pending hash:
--   SEGMENT            what is to be translated (JSON)
--   targets SEGMENT    the targets that it was accepted with
--   listeners SEGMENT  those of them that only listeners want
--   left SEGMENT       targets still outstanding
--   partial SEGMENT    a worker thread held the segment with this very text: it hands its calls over to the final
--   known SEGMENT      the host has its results already: it told so after the last writes were lost
--   out SEGMENT TARGET an outstanding target: `JOB PRIORITY REVISION SEQUENCE`, REVISION the newest
--                      that was put or previewed
--   shown SEGMENT TARGET  what was last shown of it, a partial's translation or a preview: `REVISION BODY`, BODY in JSON.
--                      A newer revision may have been put since, so it is not the one of `out`
--   last TARGET        the newest sequence number given for the target: the order of acceptance
--   done TARGET        the sequence number up to which the target is resolved without a hole
--   held TARGET SEQ    a result beyond the first hole: its body where it waits, '' where it is out already
-- An ordered session's results wait here until everything accepted before them is resolved, so the log itself is in order.
local function resolved(session_key, pending_key, log_key, channel, target, sequence, body, now)
  local done = tonumber(redis.call('HGET', pending_key, 'done ' .. target) or '0')
  local ordered = redis.call('HGET', session_key, 'ordered') == '1'
  local next_in_line = sequence == done + 1
  if next_in_line or not ordered then
    append(session_key, log_key, channel, body, now)
    body = ''
  end
  if not next_in_line then
    redis.call('HSET', pending_key, string.format('held %s %.0f', target, sequence), body)
    return
  end
  done = sequence
  while true do
    local field = string.format('held %s %.0f', target, done + 1)
    local held = redis.call('HGET', pending_key, field)
    if not held then break end
    if held ~= '' then append(session_key, log_key, channel, held, now) end
    redis.call('HDEL', pending_key, field)
    done = done + 1
  end
  redis.call('HSET', pending_key, 'done ' .. target, string.format('%.0f', done))
end

local function next_sequence(pending_key, target)
  return redis.call('HINCRBY', pending_key, 'last ' .. target, 1)
end
