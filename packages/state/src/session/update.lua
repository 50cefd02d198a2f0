-- Changes options of a live session.
-- KEYS: 1 session
-- ARGV: 1 connection, then field, value pairs of the session hash
-- Returns { 'updated' | 'gone' | 'fenced' | 'ending' }.
local session = redis.call('HMGET', KEYS[1], 'connection', 'state')
if not session[1] then return { 'gone' } end
if session[1] ~= ARGV[1] then return { 'fenced' } end
if session[2] ~= 'live' then return { 'ending' } end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
return { 'updated' }
