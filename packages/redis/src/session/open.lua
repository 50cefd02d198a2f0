-- Opens a session.
-- KEYS: 1 session
-- ARGV: 1 connection, 2 lease of the connection in ms, then field, value pairs of the session hash
-- Returns { 'opened', head, since } or { 'taken' } if another connection has opened this id; `since` is the time at which
-- this connection became the owner.
-- include ../script/clock.lua
local owner = redis.call('HGET', KEYS[1], 'connection')
if owner and owner ~= ARGV[1] then return { 'taken' } end
if not owner then
  local now = now_ms()
  local head = next_number(nil, now)
  local fields = { 'connection', ARGV[1], 'ownedSince', head, 'startHead', head, 'leaseUntil', string.format('%.0f', now + tonumber(ARGV[2])),
    'state', 'live', 'head', head }
  for index = 3, #ARGV do fields[#fields + 1] = ARGV[index] end
  redis.call('HSET', KEYS[1], unpack(fields))
  -- Removed by its first inspection. A session opened after its edge had given up thus expires by itself.
  redis.call('PEXPIRE', KEYS[1], 120000)
end
local session = redis.call('HMGET', KEYS[1], 'head', 'ownedSince')
return { 'opened', session[1], session[2] }
