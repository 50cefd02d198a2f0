-- Ends a session: open partials are dropped, accepted finals are still translated. It is over when none is left.
-- KEYS: 1 session, 2 segments, 3 pending, 4 log, 5 channel
-- ARGV: 1 connection
-- Returns { 'ending' | 'ended' | 'gone' | 'fenced', then for each call in flight on a partial: segment, target, thread, digest }.
-- include ../redis/clock.lua
-- include ../log/append.lua
-- include ../slot/lease.lua
-- include ../slot/calls.lua
-- include finish.lua
local session = redis.call('HMGET', KEYS[1], 'connection', 'state', 'outstanding')
if not session[1] then return { 'gone' } end
if session[1] ~= ARGV[1] then return { 'fenced' } end
if session[2] == 'ended' then return { 'ended' } end
redis.call('HSET', KEYS[1], 'state', 'ending')
local segments = redis.call('HGETALL', KEYS[2])
local reply, now = { 'ending' }, now_ms()
for index = 1, #segments, 2 do
  local targets = string.match(segments[index + 1], '^o(.*)$')
  if targets then
    for target in string.gmatch(targets, '[^,]+') do
      local slot_key = KEYS[5] .. ':slot:' .. segments[index] .. ':' .. target
      add_calls(reply, slot_key, segments[index], target, now)
      redis.call('DEL', slot_key)
    end
    redis.call('HDEL', KEYS[2], segments[index])
  end
end
redis.call('HDEL', KEYS[2], 'open')
if tonumber(session[3] or '0') > 0 then return reply end
finish(KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], now)
reply[1] = 'ended'
return reply
