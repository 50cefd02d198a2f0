-- The owner's first message has come: its client has the token that it was given, and no other is good any more.
-- KEYS: 1 session
-- ARGV: 1 connection, 2 hash of its resume token
-- Returns { 'confirmed' | 'gone' | 'fenced' }.
local connection = redis.call('HGET', KEYS[1], 'connection')
if not connection then return { 'gone' } end
if connection ~= ARGV[1] then return { 'fenced' } end
redis.call('HSET', KEYS[1], 'tokens', ARGV[2])
return { 'confirmed' }
