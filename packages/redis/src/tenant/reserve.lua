-- Reserves bytes of a tenant's quota for a session.
-- KEYS: 1 credits of the tenant
-- ARGV: 1 session, 2 bytes that it needs altogether, 3 bytes of all sessions together, 4 lease in ms
-- Returns { 'reserved' | 'full' }; the reservation is never reduced.
-- include ../script/clock.lua
-- include credits.lua
local now, needed, limit = now_ms(), tonumber(ARGV[2]), tonumber(ARGV[3])
local reserved = read_credit(KEYS[1], ARGV[1])
if reserved < needed then
  local function is_full() return tonumber(redis.call('HGET', KEYS[1], ':total') or '0') - reserved + needed > limit end
  if is_full() then
    remove_expired(KEYS[1], now)
    reserved = read_credit(KEYS[1], ARGV[1])
    if is_full() then return { 'full' } end
  end
end
write_credit(KEYS[1], ARGV[1], reserved, math.max(reserved, needed), tonumber(ARGV[4]), now, now)
return { 'reserved' }
