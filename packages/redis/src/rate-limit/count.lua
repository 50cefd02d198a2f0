-- Registers a thread, for the time of a lease, among those that share the limits of an endpoint.
-- KEYS: 1 set of the threads by the end of their lease
-- ARGV: 1 thread, 2 lease in ms
-- Returns { number of threads, including this one }.
-- include ../script/clock.lua
local now = now_ms()
local lease_end = string.format('%.0f', now + tonumber(ARGV[2]))
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
-- A later lease comes from a clock that was set back; a live thread renews it.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '(' .. lease_end, '+inf')
redis.call('ZADD', KEYS[1], lease_end, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { string.format('%.0f', redis.call('ZCARD', KEYS[1])) }
