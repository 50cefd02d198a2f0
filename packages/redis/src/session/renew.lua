-- Renews the leases of an edge on a session: its ownership, if the owner is connected to this edge, and the languages
-- requested by its listeners.
-- KEYS: 1 session, 2 wanted, 3 channel, 4 audience
-- ARGV: 1 connection of the owner, or '' if the owner isn't on this edge, 2 edge, 3 lease of the owner in ms,
--       4 lease of the languages in ms, 5 listeners on this edge, 6 how many listen to each language (see audience.lua),
--       7 number of languages, then these languages, then languages that were given up
-- Returns { 'here' | 'fenced' | 'owner-lost', head, state, listeners' targets, options (JSON), offset up to which the log was trimmed,
--           hash of the code by which listeners can join or '', hash of the session's code,
--           '1' if the session is paused, number of the last change of that,
--           if the owner is on this edge: listeners on all edges, and how many listen to each language; otherwise '', '' }
--      or { 'gone' }.
-- An edge without the owner publishes a change of its listeners as `a EDGE`.
-- 'fenced': another connection owns the session; the languages are renewed nevertheless.
-- include ../script/clock.lua
-- include listeners.lua
-- include owner.lua
-- include code.lua
-- include pause.lua
-- include audience.lua
local owner = redis.call('HMGET', KEYS[1], 'connection', 'ownedSince')
if not owner[1] then return { 'gone' } end
local now = now_ms()
local status = 'here'
if ARGV[1] ~= '' then
  status = not_owner(owner[1], owner[2], ARGV[1]) or 'here'
  -- Also for 'owner-lost': the edge is about to restore the ownership.
  if status ~= 'fenced' then redis.call('HSET', KEYS[1], 'leaseUntil', string.format('%.0f', now + tonumber(ARGV[3]))) end
end
local languages, given_up = {}, {}
for index = 8, #ARGV do
  local list = index <= 7 + tonumber(ARGV[7]) and languages or given_up
  list[#list + 1] = ARGV[index]
end
request_languages(KEYS[2], ARGV[2], languages, given_up, string.format('%.0f', now + tonumber(ARGV[4])))
update_listener_targets(KEYS[1], KEYS[2], KEYS[3], now)
redis.call('PEXPIRE', KEYS[2], 2 * tonumber(ARGV[4]))
local has_changed = set_audience(KEYS[4], ARGV[2], ARGV[5], ARGV[6], string.format('%.0f', now + tonumber(ARGV[3])))
redis.call('PEXPIRE', KEYS[4], 2 * tonumber(ARGV[4]))
local listeners, languages_heard = '', ''
if ARGV[1] ~= '' then
  listeners, languages_heard = count_audience(KEYS[4], now)
  local most = redis.call('HGET', KEYS[1], 'mostListeners')
  if tonumber(listeners) > tonumber(most or '0') then redis.call('HSET', KEYS[1], 'mostListeners', listeners) end
elseif has_changed then
  redis.call('SPUBLISH', KEYS[3], 'a ' .. ARGV[2])
end
local session = redis.call('HMGET', KEYS[1], 'head', 'state', 'listenerTargets', 'options', 'logTrimmedTo')
local open_code, code = join_code(KEYS[1])
local paused, pause_number = pause_state(KEYS[1])
return { status, session[1], session[2], session[3] or '', session[4], session[5] or '0', open_code, code, paused, pause_number,
  listeners, languages_heard }
