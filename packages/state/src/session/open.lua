-- Opens a session.
-- KEYS: 1 session
-- ARGV: 1 connection, then field, value pairs of the session hash
-- Returns { 'opened', head } or { 'taken' } where another connection has opened this id.
-- include ../redis/clock.lua
local owner = redis.call('HGET', KEYS[1], 'connection')
if owner and owner ~= ARGV[1] then return { 'taken' } end
if not owner then
  local fields = { 'connection', ARGV[1], 'state', 'live', 'head', next_number(nil, now_ms()) }
  for index = 2, #ARGV do fields[#fields + 1] = ARGV[index] end
  redis.call('HSET', KEYS[1], unpack(fields))
end
return { 'opened', redis.call('HGET', KEYS[1], 'head') }
