-- Sets the deadline of a session's next inspection, unless it has an earlier one.
-- KEYS: 1 deadlines
-- ARGV: 1 session, 2 ms from now
-- Returns { 'set' }.
-- include ../script/clock.lua
redis.call('ZADD', KEYS[1], 'LT', string.format('%.0f', (now_ms() + tonumber(ARGV[2])) * 1000), ARGV[1])
return { 'set' }
