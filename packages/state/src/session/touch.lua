-- What an edge that serves a session says every few seconds: its owner is here, and its listeners want these languages.
-- KEYS: 1 session, 2 wanted, 3 channel
-- ARGV: 1 connection of the owner, or '' where the owner isn't on this edge, 2 edge, 3 lease in ms, 4.. languages
-- Returns { 'here' | 'fenced', head, state, listeners' targets, options (JSON), offset up to which the log was trimmed }
--      or { 'gone' }.
-- 'fenced': another connection owns the session; what listeners want is noted all the same.
-- include ../redis/clock.lua
-- include listeners.lua
local owner = redis.call('HGET', KEYS[1], 'connection')
if not owner then return { 'gone' } end
local now = now_ms()
local til = string.format('%.0f', now + tonumber(ARGV[3]))
local status = 'here'
if ARGV[1] ~= '' then
  if owner == ARGV[1] then redis.call('HSET', KEYS[1], 'leaseUntil', til) else status = 'fenced' end
end
want(KEYS[2], ARGV[2], { unpack(ARGV, 4) }, til)
listeners_targets(KEYS[1], KEYS[2], KEYS[3], now)
redis.call('PEXPIRE', KEYS[2], 2 * tonumber(ARGV[3]))
local session = redis.call('HMGET', KEYS[1], 'head', 'state', 'listenerTargets', 'options', 'logTrimmedTo')
return { status, session[1], session[2], session[3] or '', session[4], session[5] or '0' }
