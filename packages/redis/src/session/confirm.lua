-- The owner's first message shows that its client has received its resume token: all other tokens become invalid.
-- KEYS: 1 session
-- ARGV: 1 connection, 2 hash of its resume token
-- Returns { 'confirmed' | 'gone' | 'fenced' | 'owner-lost' }.
-- include owner.lua
local session = redis.call('HMGET', KEYS[1], 'connection', 'ownedSince')
if not session[1] then return { 'gone' } end
local refusal = not_owner(session[1], session[2], ARGV[1])
if refusal then return { refusal } end
redis.call('HSET', KEYS[1], 'tokens', ARGV[2])
return { 'confirmed' }
