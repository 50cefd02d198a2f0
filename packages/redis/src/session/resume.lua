-- Gives a session to a new connection and tells what is safe of the finals that its client holds.
-- KEYS: 1 session, 2 segments, 3 pending, 4 channel, 5 log
-- ARGV: 1 connection, 2 hash of the resume token that was brought, 3 since when the connection has owned the session, where
--       its edge vouches for it and the token isn't checked, otherwise '', 4 hash of the next resume token, 5 lease in ms,
--       6 offset that the client has seen, 7 '1' where it tells what it holds, 8.. segments held by the client
-- Returns { 'resumed', head, since, offset up to which the log was trimmed, options (JSON), state,
--           n, then n words '1' (accepted) or '0' (missing), one for each segment held,
--           then for each target outstanding of these: segment, target, job number, priority }
--      or { 'gone' | 'wrong-token' | 'fenced' }
-- A client that has seen what the log should hold and doesn't shows that the last writes are lost. What it doesn't hold has come to it
-- for every target then, and must not come again; what it holds may come again in part, so it counts as missing.
-- The field `tokens` holds the hashes that are good: all that were given since the owner's first message, newest last.
-- include ../script/clock.lua
local kept_tokens = 8
local session = redis.call('HMGET', KEYS[1], 'connection', 'tokens', 'ownedSince', 'state')
if not session[1] then return { 'gone' } end
local since = session[3]
local tokens = {}
for token in string.gmatch(session[2] or '', '%S+') do tokens[#tokens + 1] = token end
if not (session[1] == ARGV[1] and tokens[#tokens] == ARGV[4]) then
  local good = false
  for _, token in ipairs(tokens) do good = good or token == ARGV[2] end
  if ARGV[3] ~= '' then
    -- The owner's own mark may have been lost with the last writes; a later owner's was not.
    if session[1] ~= ARGV[1] and tonumber(since) > tonumber(ARGV[3]) then return { 'fenced' } end
    -- So may its token, which its client still has until this answer arrives.
    if not good then tokens[#tokens + 1] = ARGV[2] end
  elseif not good then
    return { 'wrong-token' }
  end
  tokens[#tokens + 1] = ARGV[4]
  while #tokens > kept_tokens do table.remove(tokens, 1) end
  local now = now_ms()
  since = next_number(since, now)
  redis.call('HSET', KEYS[1], 'connection', ARGV[1], 'ownedSince', since, 'tokens', table.concat(tokens, ' '),
    'leaseUntil', string.format('%.0f', now + tonumber(ARGV[5])))
  redis.call('SPUBLISH', KEYS[4], 'o ' .. ARGV[1] .. ' ' .. since)
end

local fields = redis.call('HMGET', KEYS[1], 'head', 'logTrimmedTo', 'options', 'state')
local reply = { 'resumed', fields[1], since, fields[2] or '0', fields[3], fields[4], tostring(#ARGV - 7) }
local floor = tonumber(redis.call('HGET', KEYS[2], 'floor') or '-1')
local seen = ARGV[6] .. '-0'
local lost_writes = ARGV[7] == '1' and tonumber(ARGV[6]) > tonumber(fields[2] or '0')
  and ARGV[6] ~= redis.call('HGET', KEYS[1], 'startHead') and #redis.call('XRANGE', KEYS[5], seen, seen) == 0
local jobs, held = {}, {}
for index = 8, #ARGV do
  local segment = ARGV[index]
  held[segment] = true
  local mark = redis.call('HGET', KEYS[2], segment)
  local accepted = mark and string.sub(mark, 1, 1) == 's' or not mark and tonumber(segment) <= floor
  local targets = accepted and redis.call('HGET', KEYS[3], 'targets ' .. segment)
  reply[#reply + 1] = accepted and not (targets and lost_writes) and '1' or '0'
  for target in string.gmatch(targets or '', '[^,]+') do
    local out = redis.call('HGET', KEYS[3], 'out ' .. segment .. ' ' .. target)
    if out then
      local job, priority = string.match(out, '^(%S+) (%S+)')
      for _, word in ipairs({ segment, target, job, priority }) do jobs[#jobs + 1] = word end
    end
  end
end
if lost_writes then
  for _, field in ipairs(redis.call('HKEYS', KEYS[3])) do
    local segment = string.match(field, '^targets (%S+)$')
    if segment and not held[segment] then redis.call('HSET', KEYS[3], 'known ' .. segment, '1') end
  end
end
for _, word in ipairs(jobs) do reply[#reply + 1] = word end
return reply
