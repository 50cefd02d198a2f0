-- The call of a flight is done: its result is kept for those who follow, and for requests that come soon after.
-- Whoever led it meanwhile: every result of a flight is as good as another.
-- KEYS: 1 flight
-- ARGV: 1 result (JSON), 2 how long it is kept in ms
-- Returns { 'landed' }.
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'result', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { 'landed' }
