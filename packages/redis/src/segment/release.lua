-- Releases an open segment. It has no lease then, and its former holder can't get one by a call that comes later; an expired
-- lease, in contrast, can be renewed.
-- KEYS: 1 open segment, 2 open segments
-- ARGV: 1 fence, 2 newest revision known to the holder, 3 '1' if another thread should take it at once
-- Returns { 'released', number of the job to add or '', open segments of the session }
--      or { 'newer', work (JSON) } if there is a newer revision and the segment stays held
--      or { 'closed' | 'fenced', '' }.
-- include ../script/clock.lua
-- include job.lua
local kept = redis.call('HMGET', KEYS[1], 'fence', 'revision')
if not kept[1] then return { 'closed', '' } end
if kept[1] ~= ARGV[1] then return { 'fenced', '' } end
if ARGV[3] == '1' then
  redis.call('HDEL', KEYS[1], 'leaseUntil')
  return { 'released', due_job(KEYS[1], now_ms(), 'f' .. ARGV[1]), tostring(redis.call('ZCARD', KEYS[2])) }
end
if tonumber(kept[2]) > tonumber(ARGV[2]) then return { 'newer', redis.call('HGET', KEYS[1], 'work') } end
redis.call('HDEL', KEYS[1], 'leaseUntil')
return { 'released', '' }
