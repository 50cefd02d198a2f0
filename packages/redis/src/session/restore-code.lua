-- Gives a session the join code that its owner was told last, because Redis may have lost that write.
-- KEYS: 1 session, 2 channel
-- ARGV: 1 connection, 2 join code, 3 hash of it, 4 '1' if it is open
-- Returns { 'restored', room or '' }, { 'released' } if a newer session of the room has the code, or { 'gone' | 'fenced' | 'owner-lost' }.
-- include owner.lua
-- include code.lua
local session = redis.call('HMGET', KEYS[1], 'connection', 'ownedSince', 'room')
if not session[1] then return { 'gone' } end
local refusal = not_owner(session[1], session[2], ARGV[1])
if refusal then return { refusal } end
local open_hash, hash = join_code(KEYS[1])
if hash == '' then return { 'released' } end
local is_open = ARGV[4] == '1'
if hash ~= ARGV[3] or (open_hash ~= '') ~= is_open then set_join_code(KEYS[1], KEYS[2], ARGV[2], ARGV[3], is_open) end
return { 'restored', session[3] or '' }
