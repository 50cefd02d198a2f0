-- Erases what a session contains, and ends it: edges deliver the end and close its sockets. What remains contains no text,
-- and tells clients that come back later.
-- KEYS: 1 session, 2 segments, 3 pending, 4 log, 5 channel, 6 wanted, 7 audience
-- ARGV: 1 name of this call; '' to only close the session, so that workers can write its usage, 2 options without texts (JSON)
-- Returns { 'closed' | 'erased' }, or { 'gone' } if it does not exist or was erased before.
-- include ../script/clock.lua
-- include ../log/append.lua
-- include finish.lua
-- include close.lua
local session = redis.call('HMGET', KEYS[1], 'state', 'head', 'erased')
if session[3] and session[3] == ARGV[1] then return { 'erased' } end
if not session[1] or session[3] then return { 'gone' } end
local now = now_ms()
-- Drops open segments, too.
if session[1] ~= 'ended' then close_session(KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], now, true) end
if ARGV[1] == '' then return { 'closed' } end
redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[4], KEYS[6], KEYS[7])
redis.call('HSET', KEYS[1], 'options', ARGV[2], 'outstanding', '0', 'outstandingBytes', '0', 'erased', ARGV[1], 'logBytes', '0', 'logTrimmedTo', session[2])
finish(KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], now)
redis.call('UNLINK', transcript_key(KEYS[5]))
return { 'erased' }
