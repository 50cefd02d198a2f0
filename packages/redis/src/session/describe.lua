-- Describes a session for its tenant.
-- KEYS: 1 session, 2 audience
-- Returns { 'found', tenant, first offset, source language, targets, state, '1' if its speaker is connected, listeners, newest
--           offset, '1' if it is paused, room or '' }
--      or { 'erased', newest offset } or { 'gone' } if it does not exist.
-- include ../script/clock.lua
-- include pause.lua
-- include audience.lua
local session = redis.call('HMGET', KEYS[1], 'tenant', 'startHead', 'sourceLanguage', 'targets', 'state', 'leaseUntil', 'erased',
  'head', 'room')
if not session[1] then return { 'gone' } end
if session[7] then return { 'erased', session[8] } end
local now = now_ms()
return { 'found', session[1], session[2], session[3], session[4], session[5],
  tonumber(session[6] or '0') > now and '1' or '0', (count_audience(KEYS[2], now)), session[8],
  (pause_state(KEYS[1])), session[9] or '' }
