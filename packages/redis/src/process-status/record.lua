-- Records the status of a process.
-- KEYS: 1 set of the processes by the time of their last status, 2 status
-- ARGV: 1 process, 2 status, 3 how long it is kept in ms
-- Returns { 'recorded' }.
-- include ../script/clock.lua
local now = now_ms()
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - tonumber(ARGV[3])))
-- A later time comes from a clock that was set back; a live process is added again.
redis.call('ZREMRANGEBYSCORE', KEYS[1], string.format('(%.0f', now), '+inf')
redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return { 'recorded' }
