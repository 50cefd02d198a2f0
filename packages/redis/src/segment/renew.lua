-- Renews the leases of one holder on segments of one session, and returns what it may have missed on the work channel.
-- KEYS: 1 session, 2 settled segments, 3.. open segments
-- ARGV: 1 lease in ms, then for each: segment, fence, newest revision known to the holder
-- Returns { requested targets, separated by commas, then for each segment: 'held' | 'fenced' | 'settled' | 'closed', work of a
--           newer revision than the known one (JSON) or '', for a settled segment the digest of its text }
-- include ../script/clock.lua
local session = redis.call('HMGET', KEYS[1], 'targets', 'listenerTargets')
local lease_end = string.format('%.0f', now_ms() + tonumber(ARGV[1]))
local reply = { (session[1] or '') .. ',' .. (session[2] or '') }
for index = 3, #KEYS do
  local argument = 2 + (index - 3) * 3
  local kept = redis.call('HMGET', KEYS[index], 'fence', 'revision', 'leaseUntil')
  local status, update = 'held', ''
  if not kept[1] then
    local mark = redis.call('HGET', KEYS[2], ARGV[argument]) or ''
    status = mark == '' and 'closed' or 'settled'
    update = string.sub(mark, 2)
  elseif kept[1] ~= ARGV[argument + 1] or not kept[3] then
    status = 'fenced'
  else
    redis.call('HSET', KEYS[index], 'leaseUntil', lease_end)
    if tonumber(kept[2]) > tonumber(ARGV[argument + 2]) then update = redis.call('HGET', KEYS[index], 'work') end
  end
  reply[#reply + 1] = status
  reply[#reply + 1] = update
end
return reply
