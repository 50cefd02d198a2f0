-- Claims sessions whose deadline has come: their score moves 5 s ahead, so that no other worker looks at them meanwhile
-- and one whose worker dies comes up again.
-- KEYS: 1 deadlines
-- ARGV: 1 how many at most
-- Returns { score given, then the sessions }.
-- include ../script/clock.lua
local now = now_ms()
local claim = next_number(nil, now + 5000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now * 1000), 'LIMIT', 0, ARGV[1])
local reply = { claim }
for _, session in ipairs(due) do
  redis.call('ZADD', KEYS[1], claim, session)
  reply[#reply + 1] = session
end
return reply
