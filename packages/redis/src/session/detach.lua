-- The owner's socket was lost: the grace period starts.
-- KEYS: 1 session
-- ARGV: 1 connection
-- Returns { 'detached' | 'gone' | 'fenced' | 'owner-lost', grace in ms }.
-- include ../script/clock.lua
-- include owner.lua
local session = redis.call('HMGET', KEYS[1], 'connection', 'graceMs', 'leaseUntil', 'ownedSince')
if not session[1] then return { 'gone', '0' } end
local refusal = not_owner(session[1], session[4], ARGV[1])
if refusal then return { refusal, '0' } end
local now = now_ms()
if tonumber(session[3] or '0') > now then redis.call('HSET', KEYS[1], 'leaseUntil', string.format('%.0f', now)) end
return { 'detached', session[2] }
