-- Renews the leases of one holder on segments of one session, and tells what it may have missed on the channel.
-- KEYS: 1 session, 2 settled segments, 3.. open segments
-- ARGV: 1 lease in ms, then for each: segment, fence, newest revision that the holder knows
-- Returns { wanted targets, separated by commas, then for each segment: 'held' | 'fenced' | 'settled' | 'closed', newer work than
--           the holder knows (JSON) or '', for a settled one the digest of its text }
-- include ../script/clock.lua
local session = redis.call('HMGET', KEYS[1], 'targets', 'listenerTargets')
local until_ms = string.format('%.0f', now_ms() + tonumber(ARGV[1]))
local reply = { (session[1] or '') .. ',' .. (session[2] or '') }
for index = 3, #KEYS do
  local argument = 2 + (index - 3) * 3
  local kept = redis.call('HMGET', KEYS[index], 'fence', 'revision')
  local status, news = 'held', ''
  if not kept[1] then
    local mark = redis.call('HGET', KEYS[2], ARGV[argument]) or ''
    status = mark == '' and 'closed' or 'settled'
    news = string.sub(mark, 2)
  elseif kept[1] ~= ARGV[argument + 1] then
    status = 'fenced'
  else
    redis.call('HSET', KEYS[index], 'leaseUntil', until_ms)
    if tonumber(kept[2]) > tonumber(ARGV[argument + 2]) then news = redis.call('HGET', KEYS[index], 'work') end
  end
  reply[#reply + 1] = status
  reply[#reply + 1] = news
end
return reply
