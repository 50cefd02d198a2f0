-- Changes options of a live session.
-- KEYS: 1 session, 2 wanted, 3 channel, 4 segments
-- ARGV: 1 connection, then field, value pairs of the session hash
-- Returns { 'updated', then for each call in flight on a partial whose target nobody wants any more: segment, target,
--           thread, digest } or { 'gone' | 'fenced' | 'forgotten' | 'ending' }.
-- include ../redis/clock.lua
-- include owner.lua
-- include ../slot/lease.lua
-- include ../slot/calls.lua
-- include listeners.lua
local session = redis.call('HMGET', KEYS[1], 'connection', 'state', 'ownedSince')
if not session[1] then return { 'gone' } end
local why = not_owner(session[1], session[3], ARGV[1])
if why then return { why } end
if session[2] ~= 'live' then return { 'ending' } end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))

local now = now_ms()
listeners_targets(KEYS[1], KEYS[2], KEYS[3], now)
session = redis.call('HMGET', KEYS[1], 'targets', 'listenerTargets')
local segments, reply = redis.call('HGETALL', KEYS[4]), { 'updated' }
for index = 1, #segments, 2 do
  for target in string.gmatch(string.match(segments[index + 1], '^o(.*)$') or '', '[^,]+') do
    if not includes(session[1], target) and not includes(session[2], target) then
      add_calls(reply, KEYS[3] .. ':slot:' .. segments[index] .. ':' .. target, segments[index], target, now)
    end
  end
end
return reply
