-- Commits the result of an accepted final for one target: appends it to the log once, publishes it, and removes the target
-- from the outstanding ones.
-- KEYS: 1 session, 2 segments, 3 pending, 4 log, 5 channel
-- ARGV: 1 segment, 2 target, 3 body (JSON), 4 increment of the translation count, 5 of the cached count, 6 of the failed count
-- Returns { 'resolved' }, { 'more' } if buffered results must be appended by flush.lua, or { 'none' } if it was resolved before or the session no longer exists.
-- include ../script/clock.lua
-- include ../log/append.lua
-- include ../session/finish.lua
-- include resolved.lua

-- Adds `listenersOnly` to the body if the host didn't request this target or has its result already.
local function body_for(pending_key, segment, target, body)
  local fields = redis.call('HMGET', pending_key, 'listeners ' .. segment, 'known ' .. segment)
  local listeners = ',' .. (fields[1] or '') .. ','
  if not fields[2] and not string.find(listeners, ',' .. target .. ',', 1, true) then return body end
  return '{"listenersOnly":true,' .. string.sub(body, 2)
end

local field = 'out ' .. ARGV[1] .. ' ' .. ARGV[2]
local out = redis.call('HGET', KEYS[3], field)
if not out then return { 'none' } end
local sequence = tonumber(string.match(out, '(%d+)$'))
local now = now_ms()
local body = body_for(KEYS[3], ARGV[1], ARGV[2], ARGV[3])
local cost = tonumber(redis.call('HGET', KEYS[3], 'cost ' .. ARGV[1]) or '0')
redis.call('HDEL', KEYS[3], field, 'shown ' .. ARGV[1] .. ' ' .. ARGV[2])
if redis.call('HINCRBY', KEYS[3], 'left ' .. ARGV[1], -1) == 0 then
  redis.call('HDEL', KEYS[3], ARGV[1], 'left ' .. ARGV[1], 'cost ' .. ARGV[1], 'targets ' .. ARGV[1], 'listeners ' .. ARGV[1],
    'known ' .. ARGV[1], 'partial ' .. ARGV[1])
end
for index, name in ipairs({ 'usageTranslations', 'usageCached', 'usageFailed' }) do
  redis.call('HINCRBY', KEYS[1], name, ARGV[index + 3])
end
local has_more = resolved(KEYS[1], KEYS[3], KEYS[4], KEYS[5], ARGV[2], sequence, body, now)
-- A final that an edge of an earlier version accepted counts no bytes; Redis refuses to add -0, after all that is done above.
if cost > 0 then redis.call('HINCRBY', KEYS[1], 'outstandingBytes', -cost) end
redis.call('HINCRBY', KEYS[1], 'outstanding', -1)
if is_complete(KEYS[1]) and redis.call('HGET', KEYS[1], 'state') == 'ending' then
  finish(KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], now)
end
return { has_more and 'more' or 'resolved' }
