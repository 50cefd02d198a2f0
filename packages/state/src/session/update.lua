-- Changes options of a live session.
-- KEYS: 1 session, 2 segments, 3 channel
-- ARGV: 1 connection, then field, value pairs of the session hash
-- Returns { 'updated', then for each call in flight on a partial whose target is none of the session's: segment,
--           target, thread, digest } or { 'gone' | 'fenced' | 'ending' }.
-- include ../redis/clock.lua
-- include ../slot/lease.lua
-- include ../slot/calls.lua
local session = redis.call('HMGET', KEYS[1], 'connection', 'state')
if not session[1] then return { 'gone' } end
if session[1] ~= ARGV[1] then return { 'fenced' } end
if session[2] ~= 'live' then return { 'ending' } end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))

local targets = ',' .. redis.call('HGET', KEYS[1], 'targets') .. ','
local segments, reply, now = redis.call('HGETALL', KEYS[2]), { 'updated' }, now_ms()
for index = 1, #segments, 2 do
  for target in string.gmatch(string.match(segments[index + 1], '^o(.*)$') or '', '[^,]+') do
    if not string.find(targets, ',' .. target .. ',', 1, true) then
      add_calls(reply, KEYS[3] .. ':slot:' .. segments[index] .. ':' .. target, segments[index], target, now)
    end
  end
end
return reply
