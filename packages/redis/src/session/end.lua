-- Ends a session at the request of its owner.
-- KEYS: 1 session, 2 segments, 3 pending, 4 log, 5 channel
-- ARGV: 1 connection, 2 '1' if it must stay `ending` until the next call, so that workers can write its usage
-- Returns { 'ending' | 'ended' | 'gone' | 'fenced' | 'owner-lost' }.
-- include ../script/clock.lua
-- include owner.lua
-- include ../log/append.lua
-- include finish.lua
-- include close.lua
local session = redis.call('HMGET', KEYS[1], 'connection', 'state', 'ownedSince')
if not session[1] then return { 'gone' } end
local refusal = not_owner(session[1], session[3], ARGV[1])
if refusal then return { refusal } end
if session[2] == 'ended' then return { 'ended' } end
return { close_session(KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], now_ms(), ARGV[2] == '1') }
