-- A worker thread takes an open segment: it gets the newest revision, and a lease with the next fence number. Whoever held
-- the segment before is fenced off.
-- KEYS: 1 session, 2 open segment
-- ARGV: 1 number of the job, 2 name of this taking, 3 lease in ms
-- Returns { 'taken', fence, newest revision, what is to be translated (JSON), options, tenant,
--           then for each of its targets that was shown something: target, revision, message (JSON) }
--      or { 'none' }: the segment is open no more, or another job is due for it.
-- The same taking again gives the same fence, with what is newest now.
-- include ../script/clock.lua
local session = redis.call('HMGET', KEYS[1], 'state', 'options', 'tenant')
if session[1] ~= 'live' then return { 'none' } end
local kept = redis.call('HMGET', KEYS[2], 'job', 'taking', 'fence', 'work', 'targets', 'revision')
if not kept[4] then return { 'none' } end
local fence, now = kept[3], now_ms()
if kept[2] ~= ARGV[2] then
  if kept[1] ~= ARGV[1] then return { 'none' } end
  -- From the clock: a segment that was evicted and opened again must fence off who held it before.
  fence = next_number(fence, now)
  redis.call('HDEL', KEYS[2], 'markedAt', 'addedAt', 'markedBy')
end
redis.call('HSET', KEYS[2], 'fence', fence, 'taking', ARGV[2], 'leaseUntil', string.format('%.0f', now + tonumber(ARGV[3])))
local reply = { 'taken', fence, kept[6], kept[4], session[2], session[3] or '' }
for target in string.gmatch(kept[5], '[^,]+') do
  local shown = redis.call('HMGET', KEYS[2], 'shown ' .. target, 'message ' .. target)
  if shown[1] then
    for _, word in ipairs({ target, shown[1], shown[2] }) do reply[#reply + 1] = word end
  end
end
return reply
