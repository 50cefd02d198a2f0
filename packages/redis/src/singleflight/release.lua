-- Removes a member from a call. If it was the leader, a follower becomes the leader at its next renewal.
-- KEYS: 1 call
-- ARGV: 1 member, 2 '1' if a leader with followers must stay
-- Returns { 'released' | 'followed' }.
-- include ../script/clock.lua
redis.call('HDEL', KEYS[1], 'f:' .. ARGV[1])
if redis.call('HGET', KEYS[1], 'leader') ~= ARGV[1] then return { 'released' } end
if ARGV[2] == '1' then
  local now, fields = now_ms(), redis.call('HGETALL', KEYS[1])
  for index = 1, #fields, 2 do
    if string.sub(fields[index], 1, 2) == 'f:' and tonumber(fields[index + 1]) > now then return { 'followed' } end
  end
end
redis.call('HDEL', KEYS[1], 'leader', 'until')
return { 'released' }
