-- Accepts a final: closes its segment, appends the transcript to the log and records its targets as outstanding.
-- KEYS: 1 session, 2 settled segments, 3 pending, 4 log, 5 results channel, 6 open segment, 7 open segments,
--       8 work channel
-- ARGV: 1 connection, 2 segment, 3 digest of text and source language, 4 transcript (JSON, into the log),
--       5 what a worker needs (JSON), 6 languages requested by listeners, as known to the edge, 7 targets of this final that
--       only listeners requested, both separated by commas, 8 bytes that the session may have outstanding, 9 how many of these are
--       reserved for it, 10 bytes that each target to translate counts, 11 number of these targets, then the targets, then pairs
--       of target and body (JSON) for targets that need no engine
-- Returns { 'accepted', then for each outstanding target: target, job number, priority }
--      or { 'conflict' | 'too-old' | 'gone' | 'fenced' | 'owner-lost' | 'ending' | 'paused' }
--      or { 'listeners', languages they request now }: nothing was accepted
--      or { 'full', outstanding bytes, bytes in excess }: too much is outstanding, and nothing was accepted
--      or { 'credit', bytes that must be reserved for the session, outstanding bytes }: nothing was accepted.
-- The same final again is accepted and changes nothing; with another text it is a conflict.
-- include ../script/clock.lua
-- include ../log/append.lua
-- include resolved.lua
-- include priority.lua
-- include quota.lua
-- include idle-targets.lua
-- include ../session/owner.lua
local kept_segments = 1024

local session = redis.call('HMGET', KEYS[1], 'connection', 'state', 'outstanding', 'class', 'ownedSince', 'listenerTargets',
  'paused', 'ordered')
if not session[1] then return { 'gone' } end
local refusal = not_owner(session[1], session[5], ARGV[1])
if refusal then return { refusal } end
local segment, digest = ARGV[2], ARGV[3]
local marks = redis.call('HMGET', KEYS[2], segment, 'floor', 'settled')
local mark = marks[1] or ''
local now = now_ms()

local function trim_segments()
  local ids = {}
  for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do ids[#ids + 1] = tonumber(field) end
  table.sort(ids)
  local excess = #ids - kept_segments
  for index = 1, excess do
    local id = string.format('%.0f', ids[index])
    redis.call('HDEL', KEYS[2], id, 'entry ' .. id, 'corrections ' .. id)
  end
  if excess > 0 then redis.call('HSET', KEYS[2], 'floor', string.format('%.0f', ids[excess])) end
  redis.call('HSET', KEYS[2], 'settled', kept_segments)
end

-- Returns the bytes of the results that need no engine and would be buffered, because earlier ones of their target are outstanding.
local function buffered_bytes(first)
  local bytes = 0
  for index = session[8] == '1' and first or #ARGV + 1, #ARGV, 2 do
    local numbers = redis.call('HMGET', KEYS[3], 'last ' .. ARGV[index], 'done ' .. ARGV[index])
    if (numbers[1] or '0') ~= (numbers[2] or '0') then bytes = bytes + #ARGV[index + 1] end
  end
  return bytes
end

local function exceeds_quota(count)
  local fields = {}
  for index = 12, #ARGV do
    if index <= 11 + count or (index - 12 - count) % 2 == 0 then
      fields[#fields + 1] = 'last ' .. ARGV[index]
      fields[#fields + 1] = 'done ' .. ARGV[index]
    end
  end
  if is_too_far_ahead(KEYS[3], fields) then
    return { 'full', redis.call('HGET', KEYS[1], 'outstandingBytes') or '0', '0' }
  end
  local buffered = buffered_bytes(12 + count)
  if count == 0 and buffered == 0 then return nil end
  return count_outstanding(KEYS[1], count, count * tonumber(ARGV[10]), tonumber(ARGV[8]), tonumber(ARGV[9]), buffered)
end

if string.sub(mark, 1, 1) == 's' then
  if string.sub(mark, 2) ~= digest then return { 'conflict' } end
else
  if session[2] ~= 'live' then return { 'ending' } end
  if session[7] == '1' then return { 'paused' } end
  if (session[6] or '') ~= ARGV[6] then return { 'listeners', session[6] or '' } end
  if tonumber(segment) <= tonumber(marks[2] or '-1') then return { 'too-old' } end
  local count = tonumber(ARGV[11])
  local exceeded = exceeds_quota(count)
  if exceeded then return exceeded end
  local open = {}
  local fields = redis.call('HGETALL', KEYS[6])
  for index = 1, #fields, 2 do open[fields[index]] = fields[index + 1] end
  if #fields > 0 then redis.call('DEL', KEYS[6]) end
  redis.call('ZREM', KEYS[7], segment)
  if open.leaseUntil then
    redis.call('SPUBLISH', KEYS[8], '{"v":1,"type":"settled","segmentId":' .. segment .. ',"digest":"' .. digest .. '"}')
  end
  redis.call('HSET', KEYS[2], segment, 's' .. digest)
  if redis.call('HINCRBY', KEYS[2], 'settled', 1) > kept_segments + 64 then trim_segments() end

  local entry = { append(KEYS[1], KEYS[4], KEYS[5], ARGV[4], now) }
  redis.call('HINCRBY', KEYS[1], 'usageSegments', 1)
  local priority = priority_behind(session[3], session[4])
  if count > 0 then
    redis.call('HSET', KEYS[3], segment, ARGV[5], 'left ' .. segment, count, 'cost ' .. segment, ARGV[10],
      'targets ' .. segment, table.concat(ARGV, ',', 12, 11 + count))
    if ARGV[7] ~= '' then redis.call('HSET', KEYS[3], 'listeners ' .. segment, ARGV[7]) end
    if tonumber(open.leaseUntil or '0') > now and string.find(open.work, '"digest":"' .. digest .. '"', 1, true) then
      redis.call('HSET', KEYS[3], 'partial ' .. segment, open.targets)
    end
  end
  for index = 12, 11 + count do
    local target = ARGV[index]
    local job = next_number(nil, now)
    local shown = open['shown ' .. target]
    local newest = math.max(tonumber(open.revision or '-1'), tonumber(shown or '-1'))
    local sequence = next_sequence(KEYS[3], target)
    entry[#entry + 1] = string.format('%s:%.0f', target, sequence)
    redis.call('HSET', KEYS[3], 'out ' .. segment .. ' ' .. target,
      string.format('%s %.0f %.0f %.0f', job, priority, newest, sequence))
    if shown then
      redis.call('HSET', KEYS[3], 'shown ' .. segment .. ' ' .. target, shown .. ' ' .. open['message ' .. target])
    end
  end
  for index = 12 + count, #ARGV, 2 do
    local sequence = next_sequence(KEYS[3], ARGV[index])
    entry[#entry + 1] = string.format('%s:%.0f', ARGV[index], sequence)
    resolved(KEYS[1], KEYS[3], KEYS[4], KEYS[5], ARGV[index], sequence, ARGV[index + 1], now)
  end
  -- For corrections: the offset of the transcript, and the targets with their sequence numbers.
  redis.call('HSET', KEYS[2], 'entry ' .. segment, table.concat(entry, ' '))
  forget_idle_targets(KEYS[3])
end

local reply = { 'accepted' }
-- Its own targets: those of the session may have changed since.
for target in string.gmatch(redis.call('HGET', KEYS[3], 'targets ' .. segment) or '', '[^,]+') do
  local out = redis.call('HGET', KEYS[3], 'out ' .. segment .. ' ' .. target)
  if out then
    local job, priority = string.match(out, '^(%S+) (%S+)')
    reply[#reply + 1] = target
    reply[#reply + 1] = job
    reply[#reply + 1] = priority
  end
end
return reply
