-- Changes, closes or opens the join code of a session.
-- KEYS: 1 session, 2 channel
-- ARGV: 1 connection, 2 'change', 'close' or 'open', 3 new join code, 4 hash of it
-- Returns { 'updated', join code, hash of it, '1' if it is open, room or '' } or { 'gone' | 'fenced' | 'owner-lost' | 'ending' }.
-- The field `joinCode` is the hash by which listeners can join, '' if they can't; `currentJoinCode` is the hash also while the code
-- is closed, and `joinCodeText` the code. A session that has no code, or whose code isn't known, opens a new one.
-- include owner.lua
-- include code.lua
local session = redis.call('HMGET', KEYS[1], 'connection', 'ownedSince', 'state', 'room', 'joinCodeText')
if not session[1] then return { 'gone' } end
local refusal = not_owner(session[1], session[2], ARGV[1])
if refusal then return { refusal } end
if session[3] ~= 'live' then return { 'ending' } end
local _, hash = join_code(KEYS[1])
local code = session[5] or ''
if ARGV[2] == 'change' or ARGV[2] == 'open' and code == '' then code, hash = ARGV[3], ARGV[4] end
local is_open = ARGV[2] ~= 'close'
set_join_code(KEYS[1], KEYS[2], code, hash, is_open)
return { 'updated', code, hash, is_open and '1' or '0', session[4] or '' }
