-- Changes options of a live session.
-- KEYS: 1 session, 2 wanted, 3 channel
-- ARGV: 1 connection, then field, value pairs of the session hash
-- Returns { 'updated' | 'gone' | 'fenced' | 'owner-lost' | 'ending' }.
-- include ../script/clock.lua
-- include owner.lua
-- include listeners.lua
-- include pause.lua
local session = redis.call('HMGET', KEYS[1], 'connection', 'state', 'ownedSince')
if not session[1] then return { 'gone' } end
local refusal = not_owner(session[1], session[3], ARGV[1])
if refusal then return { refusal } end
if session[2] ~= 'live' then return { 'ending' } end
local was_paused, now = pause_state(KEYS[1]), now_ms()
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
if pause_state(KEYS[1]) ~= was_paused then pause_changed(KEYS[1], KEYS[3], now) end

update_listener_targets(KEYS[1], KEYS[2], KEYS[3], now)
notify_holders(KEYS[1], KEYS[3])
return { 'updated' }
