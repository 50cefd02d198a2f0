-- Counts a thread in for the time of a lease, among all that share the limits of an endpoint.
-- KEYS: 1 set of the threads by the end of their lease
-- ARGV: 1 thread, 2 lease in ms
-- Returns { how many there are, this one among them }.
-- include ../script/clock.lua
local now = now_ms()
local til = string.format('%.0f', now + tonumber(ARGV[2]))
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
-- No lease ends later: such a moment is that of a clock which was put back, and whoever lives renews it.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '(' .. til, '+inf')
redis.call('ZADD', KEYS[1], til, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { string.format('%.0f', redis.call('ZCARD', KEYS[1])) }
