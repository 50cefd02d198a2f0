-- Corrects a settled segment: its text, which is then translated anew, or one of its translations.
-- KEYS: 1 session, 2 settled segments, 3 pending, 4 log, 5 channel
-- ARGV: 1 tenant, 2 segment, 3 name of the correction, 4 target to correct, or '' for the text, 5 corrected entry (JSON),
--       6 what a worker needs to translate the text (JSON), 7 bytes that the session may have outstanding, 8 how many of these are
--       reserved for it, 9 bytes that each target to translate counts, 10 number of these targets, then the targets, then pairs of
--       target and corrected entry (JSON) for targets that need no engine
-- Returns { 'accepted', then for each outstanding target of the text: target, job number, priority }
--      or { 'gone' | 'ending' | 'not-settled' | 'too-old' | 'not-offered' }
--      or { 'full', outstanding bytes, bytes in excess } or { 'credit', bytes that must be reserved for the session, outstanding
--           bytes }: nothing was accepted.
-- The same correction again is accepted and changes nothing. Of each segment, the newest corrections are remembered for this.
-- include ../script/clock.lua
-- include ../log/append.lua
-- include ../session/finish.lua
-- include ../pending/priority.lua
-- include ../pending/quota.lua
-- include outstanding.lua
local kept_corrections = 16
local segment, name, target = ARGV[2], ARGV[3], ARGV[4]
local session = redis.call('HMGET', KEYS[1], 'tenant', 'state', 'outstanding', 'class', 'erased')
if not session[1] or session[5] or session[1] ~= ARGV[1] then return { 'gone' } end
local marks = redis.call('HMGET', KEYS[2], segment, 'floor', 'entry ' .. segment, 'corrections ' .. segment)
if string.sub(marks[1] or '', 1, 1) ~= 's' then
  return { tonumber(segment) <= tonumber(marks[2] or '-1') and 'too-old' or 'not-settled' }
end
local sequences, offset = parse_entry(marks[3])
if not offset then return { 'too-old' } end

local known, is_known = {}, false
for earlier in string.gmatch(marks[4] or '', '%S+') do
  known[#known + 1] = earlier
  is_known = is_known or earlier == name
end

local function add_outstanding(of_target, version, priority, job, body)
  local place = 'c' .. segment .. ' ' .. of_target
  if redis.call('HSET', KEYS[3], 'out ' .. place, table.concat({ job, priority, version, '0' }, ' ')) == 1 then
    redis.call('HINCRBY', KEYS[3], 'left c' .. segment, 1)
  end
  if body then redis.call('HSET', KEYS[3], 'body ' .. place, body) else redis.call('HDEL', KEYS[3], 'body ' .. place) end
end

-- Returns the targets of the segment that are to be translated, and those that need no engine with their entries.
local function requested_targets()
  local translated, copied, bodies, count = {}, {}, {}, tonumber(ARGV[10])
  for index = 11, 10 + count do
    if sequences[ARGV[index]] then translated[#translated + 1] = ARGV[index] end
  end
  for index = 11 + count, #ARGV, 2 do
    if sequences[ARGV[index]] then
      copied[#copied + 1] = ARGV[index]
      bodies[ARGV[index]] = ARGV[index + 1]
    end
  end
  return translated, copied, bodies
end

-- Counts the targets that become outstanding, and those of an earlier text of the segment with the cost of this one.
local function exceeds_quota(targets)
  local added, cost = 0, tonumber(ARGV[9])
  for _, of_target in ipairs(targets) do
    if redis.call('HEXISTS', KEYS[3], 'out c' .. segment .. ' ' .. of_target) == 0 then added = added + 1 end
  end
  local earlier = redis.call('HMGET', KEYS[3], 'left c' .. segment, 'cost c' .. segment)
  local left = tonumber(earlier[1] or '0')
  local added_bytes = (left + added) * cost - left * tonumber(earlier[2] or '0')
  return count_outstanding(KEYS[1], added, added_bytes, tonumber(ARGV[7]), tonumber(ARGV[8]), 0)
end

if not is_known then
  if session[2] == 'ended' then return { 'ending' } end
  local now = now_ms()
  if target ~= '' then
    if not sequences[target] then return { 'not-offered' } end
    if not is_final_logged(KEYS[3], segment, target, sequences[target]) then return { 'not-settled' } end
    append_corrected(KEYS[1], KEYS[4], KEYS[5], target, ARGV[5], now)
    -- A translation that is being made of an earlier correction is older than this one.
    drop_outstanding(KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], segment, target, now)
  else
    local translated, copied, bodies = requested_targets()
    local outstanding = { unpack(translated) }
    for _, of_target in ipairs(copied) do
      if not is_final_logged(KEYS[3], segment, of_target, sequences[of_target]) then outstanding[#outstanding + 1] = of_target end
    end
    local exceeded = exceeds_quota(outstanding)
    if exceeded then return exceeded end
    local version = append(KEYS[1], KEYS[4], KEYS[5], ARGV[5], now)
    local priority = string.format('%.0f', priority_behind(session[3], session[4]))
    local job = next_number(nil, now)
    for _, of_target in ipairs(outstanding) do add_outstanding(of_target, version, priority, job, bodies[of_target]) end
    if #outstanding > 0 then redis.call('HSET', KEYS[3], 'c' .. segment, ARGV[6], 'cost c' .. segment, ARGV[9]) end
    for _, of_target in ipairs(copied) do
      if is_final_logged(KEYS[3], segment, of_target, sequences[of_target]) then
        append_corrected(KEYS[1], KEYS[4], KEYS[5], of_target, bodies[of_target], now)
        drop_outstanding(KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], segment, of_target, now)
      end
    end
  end
  known[#known + 1] = name
  while #known > kept_corrections do table.remove(known, 1) end
  redis.call('HSET', KEYS[2], 'corrections ' .. segment, table.concat(known, ' '))
end

local reply = { 'accepted' }
if target == '' then
  for of_target in string.gmatch(marks[3], '(%S+):') do
    local job, priority = string.match(redis.call('HGET', KEYS[3], 'out c' .. segment .. ' ' .. of_target) or '', '^(%S+) (%S+)')
    if job then
      for _, value in ipairs({ of_target, job, priority }) do reply[#reply + 1] = value end
    end
  end
end
return reply
