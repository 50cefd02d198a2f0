-- Renews the leases of members. An expired member counts again even above the limit, since it still exists.
-- KEYS: 1 set of the tenant's members by the end of their lease
-- ARGV: 1 lease in ms, 2.. members
-- Returns { 'renewed' }.
-- include ../script/clock.lua
local til = now_ms() + tonumber(ARGV[1])
for index = 2, #ARGV do redis.call('ZADD', KEYS[1], til, ARGV[index]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return { 'renewed' }
