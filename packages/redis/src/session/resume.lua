-- Makes a new connection the owner of a session and reports which of the finals that its client keeps were accepted.
-- KEYS: 1 session, 2 segments, 3 pending, 4 channel, 5 log
-- ARGV: 1 connection, 2 hash of the client's resume token, 3 since when the connection has owned the session, if
--       its edge vouches for it, so that the token isn't checked, otherwise '', 4 hash of the next resume token, 5 lease in ms,
--       6 newest offset that the client has seen, 7 '1' if it reports the finals that it keeps, 8 its tenant, 9.. segments of
--       these finals
-- Returns { 'resumed', head, since, offset up to which the log was trimmed, options (JSON), state,
--           '1' if the session is paused, number of the last change of that, then '1' (accepted) or '0' (missing) for each of these segments }
--      or { 'gone' | 'wrong-token' | 'fenced' }; a session of another tenant is 'gone', so that nobody learns of it.
-- If the client has seen an offset that the log lacks, the last writes were lost. The client then has all results of the finals
-- that it no longer keeps, so these must not be delivered again. Finals that it keeps may be delivered again in part, so they
-- are reported as missing.
-- The field `tokens` contains the valid hashes: all tokens issued since the owner's first message, newest last.
-- include ../script/clock.lua
-- include pause.lua
local kept_tokens = 8
local session = redis.call('HMGET', KEYS[1], 'connection', 'tokens', 'ownedSince', 'tenant')
if not session[1] or session[4] ~= ARGV[8] then return { 'gone' } end
local since = session[3]
local tokens = {}
for token in string.gmatch(session[2] or '', '%S+') do tokens[#tokens + 1] = token end
if not (session[1] == ARGV[1] and tokens[#tokens] == ARGV[4]) then
  local is_valid = false
  for _, token in ipairs(tokens) do is_valid = is_valid or token == ARGV[2] end
  if ARGV[3] ~= '' then
    -- The owner's own fencing token may have been lost with the last writes, but a later owner's was not.
    if session[1] ~= ARGV[1] and tonumber(since) > tonumber(ARGV[3]) then return { 'fenced' } end
    -- The same applies to its resume token, which the client has until it receives this reply.
    if not is_valid then tokens[#tokens + 1] = ARGV[2] end
  elseif not is_valid then
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
local paused, pause_number = pause_state(KEYS[1])
local reply = { 'resumed', fields[1], since, fields[2] or '0', fields[3], fields[4], paused, pause_number }
local floor = tonumber(redis.call('HGET', KEYS[2], 'floor') or '-1')
local seen = ARGV[6] .. '-0'
local lost_writes = ARGV[7] == '1' and tonumber(ARGV[6]) > tonumber(fields[2] or '0')
  and ARGV[6] ~= redis.call('HGET', KEYS[1], 'startHead') and #redis.call('XRANGE', KEYS[5], seen, seen) == 0
local kept = {}
local page_size = 256
for first = 9, #ARGV, page_size do
  local segments, fields = { unpack(ARGV, first, math.min(first + page_size - 1, #ARGV)) }, {}
  for index, segment in ipairs(segments) do fields[index] = 'targets ' .. segment end
  local marks = redis.call('HMGET', KEYS[2], unpack(segments))
  local outstanding = redis.call('HMGET', KEYS[3], unpack(fields))
  for index, segment in ipairs(segments) do
    kept[segment] = true
    local mark = marks[index]
    local accepted = mark and string.sub(mark, 1, 1) == 's' or not mark and tonumber(segment) <= floor
    local targets = accepted and outstanding[index]
    reply[#reply + 1] = accepted and not (targets and lost_writes) and '1' or '0'
  end
end
if lost_writes then
  local cursor = '0'
  repeat
    local page = redis.call('HSCAN', KEYS[3], cursor, 'MATCH', 'targets *', 'COUNT', 1000)
    cursor = page[1]
    for index = 1, #page[2], 2 do
      local segment = string.sub(page[2][index], 9)
      if not kept[segment] then redis.call('HSET', KEYS[3], 'known ' .. segment, '1') end
    end
  until cursor == '0'
end
return reply
