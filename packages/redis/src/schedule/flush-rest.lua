-- Appends results that an ordered session has buffered although nothing is outstanding any more, since the worker that should have
-- done it is dead. Returns whether there may be more.
local function flush_rest(session_key, pending_key, log_key, channel, now)
  local session = redis.call('HMGET', session_key, 'outstanding', 'outstandingBytes')
  if tonumber(session[1] or '0') > 0 or tonumber(session[2] or '0') <= 0 then return false end
  local cursor = '0'
  repeat
    local page = redis.call('HSCAN', pending_key, cursor, 'MATCH', 'done *', 'COUNT', 1000)
    cursor = page[1]
    for index = 1, #page[2], 2 do
      local target, done = string.sub(page[2][index], 6), page[2][index + 1]
      if redis.call('HEXISTS', pending_key, string.format('held %s %.0f', target, tonumber(done) + 1)) == 1 then
        flush_buffered(session_key, pending_key, log_key, channel, target, tonumber(done), {}, now)
        return true
      end
    end
  until cursor == '0'
  -- Nothing is buffered: a process of an earlier version has not counted what it removed.
  redis.call('HSET', session_key, 'outstandingBytes', '0')
  return false
end
