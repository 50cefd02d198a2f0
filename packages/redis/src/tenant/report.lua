-- Renews the reservation of a session with the credit that the session itself has, 0 if it has ended. A larger reservation may have
-- been made for a final that is on its way, so it stays for a while.
-- KEYS: 1 credits of the tenant
-- ARGV: 1 session, 2 its credit in bytes, 3 lease in ms, 4 time in ms that a larger reservation stays
-- Returns { 'reported' }.
-- include ../script/clock.lua
-- include credits.lua
local now, credit = now_ms(), tonumber(ARGV[2])
local reserved, changed_at = read_credit(KEYS[1], ARGV[1])
if credit == 0 then
  if redis.call('HDEL', KEYS[1], ARGV[1]) == 1 then redis.call('HINCRBY', KEYS[1], ':total', -reserved) end
  return { 'reported' }
end
local bytes = credit
if reserved > credit and now < changed_at + tonumber(ARGV[4]) then bytes = reserved end
write_credit(KEYS[1], ARGV[1], reserved, bytes, tonumber(ARGV[3]), now, changed_at)
return { 'reported' }
