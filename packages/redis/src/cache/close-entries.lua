-- Marks a session as erased: what it stores from now on is deleted again.
-- KEYS: 1 entries of the session, see record-entry.lua
-- ARGV: 1 TTL in ms
-- Returns { 'closed' }.
redis.call('SADD', KEYS[1], '')
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return { 'closed' }
