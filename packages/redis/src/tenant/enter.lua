-- Adds a member unless its tenant has reached its limit. Members with an expired lease don't count.
-- KEYS: 1 set of the tenant's members by the end of their lease
-- ARGV: 1 member, 2 members allowed, 3 lease in ms
-- Returns { 'entered' | 'full' }; an existing member is 'entered'.
-- include ../script/clock.lua
local now = now_ms()
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
  return { 'full' }
end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return { 'entered' }
