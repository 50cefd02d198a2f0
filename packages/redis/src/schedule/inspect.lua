-- Inspects a session whose deadline has passed: ends it if its grace period is over, removes expired languages, and returns
-- outstanding finals that are old enough that their jobs should be queued.
-- KEYS: 1 session, 2 segments, 3 pending, 4 log, 5 channel, 6 wanted
-- ARGV: 1 number of finals to look for, 2 minimum age of these in ms, 3 longest time to the next inspection in ms,
--       4 time to the next inspection while finals are outstanding in ms, 5 '1' if sessions may be ended, 6 least credit of a
--       session, 7 step of credits in bytes, 8 time between two reports of it in ms
-- Returns { 'live' | 'ending' | 'ended', ms to the next inspection, hash of the join code or '', '1' if it was erased, tenant,
--           credit to report to it or '', `BYTES RETENTION_MS TENANT_BYTES` of the transcript of an ended session or '',
--           then for each final: segment, target, job number, priority } or { 'gone' }
-- include ../script/clock.lua
-- include ../log/append.lua
-- include ../session/finish.lua
-- include ../session/close.lua
-- include ../session/listeners.lua
-- include ../pending/resolved.lua
-- include flush-rest.lua
-- include old-finals.lua
-- include credit.lua
-- include kept-transcript.lua
local usage_written_after_ms = 500
local session = redis.call('HMGET', KEYS[1], 'state', 'leaseUntil', 'graceMs', 'outstanding', 'joinCode', 'closedAt',
  'transcriptRetentionMs', 'tenant', 'erased')
if not session[1] then return { 'gone' } end
local now = now_ms()
local state = session[1]
if state ~= 'ended' then redis.call('PERSIST', KEYS[1]) end
local next_at = now + tonumber(ARGV[3])
if state == 'live' then
  local grace_ends_at = tonumber(session[2] or '0') + tonumber(session[3] or '0')
  if grace_ends_at <= now and ARGV[5] == '1' then
    state = close_session(KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], now, true)
    next_at = now + usage_written_after_ms
  else
    next_at = math.min(next_at, math.max(grace_ends_at, now + 1000))
  end
elseif state == 'closing' then
  local written_at = tonumber(session[6]) + usage_written_after_ms
  if written_at <= now then
    state = close_session(KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], now)
  else
    state = 'ending'
    next_at = math.min(next_at, written_at)
  end
end
if flush_rest(KEYS[1], KEYS[3], KEYS[4], KEYS[5], now) then
  next_at = now
elseif state == 'ending' and session[1] == 'ending' and is_complete(KEYS[1]) then
  finish(KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], now)
  state = 'ended'
end
if state ~= 'ended' then
  local expires_at = update_listener_targets(KEYS[1], KEYS[6], KEYS[5], now)
  if expires_at then next_at = math.min(next_at, expires_at) end
  renew_transcript(KEYS[5], session[7])
end
local finals = {}
if state ~= 'ended' and tonumber(session[4] or '0') > 0 then
  next_at = math.min(next_at, now + tonumber(ARGV[4]))
  finals = old_finals(KEYS[1], KEYS[3], tonumber(ARGV[1]), tonumber(ARGV[2]), now)
end
local credit = due_credit(KEYS[1], state, tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), now)
local reply = { state, string.format('%.0f', math.max(next_at - now, 0)), session[5] or '',
  session[9] and '1' or '0', session[8] or '', credit, state == 'ended' and kept_transcript(KEYS[1]) or '' }
for _, value in ipairs(finals) do reply[#reply + 1] = value end
return reply
