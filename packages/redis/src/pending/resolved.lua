-- The fields of the pending hash:
--   SEGMENT            what a worker needs to translate it (JSON)
--   targets SEGMENT    its targets
--   listeners SEGMENT  those targets that only listeners requested
--   left SEGMENT       number of outstanding targets
--   cost SEGMENT       bytes that each outstanding target counts
--   partial SEGMENT    set if a worker thread held the segment with the same text: it hands its calls over to the final
--   known SEGMENT      set if the host has its results already, as it reported after the last writes were lost
--   out SEGMENT TARGET an outstanding target: `JOB PRIORITY REVISION SEQUENCE`, with the newest revision that
--                      was put or previewed
--   shown SEGMENT TARGET  the partial or preview last shown for it: `REVISION BODY`, with the body in JSON. `out` may have
--                      a newer revision, which was put but not shown
--   last TARGET        the newest sequence number of the target; it numbers finals in the order of their acceptance
--   targetCount        number of targets with such numbers
--   cSEGMENT and others of corrected texts: see ../correction/outstanding-fields.lua
--   done TARGET        the sequence number up to which all finals of the target are resolved
--   held TARGET SEQ    a result after the first unresolved final: its body if it is buffered, '' if it is in the log already

-- Appends the buffered results of a target that follow `done`. Not all at once if they are many or large, since they would block
-- Redis for long: the next result, `flush.lua` or an inspection appends the rest. Returns whether there are more.
local function flush_buffered(session_key, pending_key, log_key, channel, target, done, bodies, now)
  local max_bodies, max_bytes, page_size = 32, 65536, 8
  local first, freed, has_more, is_done = done, 0, true, false
  while not is_done do
    local fields, found = {}, 0
    for index = 1, page_size do fields[index] = string.format('held %s %.0f', target, done + index) end
    for _, body in ipairs(redis.call('HMGET', pending_key, unpack(fields))) do
      if not body or #bodies >= max_bodies or freed >= max_bytes then
        has_more, is_done = body and true or false, true
        break
      end
      if body ~= '' then bodies[#bodies + 1] = body end
      freed, found = freed + #body, found + 1
    end
    if found > 0 then redis.call('HDEL', pending_key, unpack(fields, 1, found)) end
    done = done + found
  end
  if #bodies > 0 then append_all(session_key, log_key, channel, bodies, now) end
  if freed > 0 then redis.call('HINCRBY', session_key, 'outstandingBytes', -freed) end
  if done > first or #bodies > 0 then redis.call('HSET', pending_key, 'done ' .. target, string.format('%.0f', done)) end
  return has_more
end

-- Appends the result of one target. In an ordered session it is buffered until all earlier finals of the target are resolved,
-- so that the log itself is in order. What is buffered counts towards the session's outstanding bytes; how many results there may
-- be is limited when finals are accepted. Returns whether there are buffered results to append.
local function resolved(session_key, pending_key, log_key, channel, target, sequence, body, now)
  local done = tonumber(redis.call('HGET', pending_key, 'done ' .. target) or '0')
  if sequence == done + 1 then
    return flush_buffered(session_key, pending_key, log_key, channel, target, sequence, { body }, now)
  end
  if redis.call('HGET', session_key, 'ordered') == '1' then
    redis.call('HINCRBY', session_key, 'outstandingBytes', #body)
  else
    append(session_key, log_key, channel, body, now)
    body = ''
  end
  redis.call('HSET', pending_key, string.format('held %s %.0f', target, sequence), body)
  return flush_buffered(session_key, pending_key, log_key, channel, target, done, {}, now)
end

local function next_sequence(pending_key, target)
  local sequence = redis.call('HINCRBY', pending_key, 'last ' .. target, 1)
  if sequence == 1 then redis.call('HINCRBY', pending_key, 'targetCount', 1) end
  return sequence
end
