-- Claims sessions whose deadline has passed. Their score moves 5 s ahead, so no other worker inspects them meanwhile, and
-- the sessions of a worker that dies become due again.
-- KEYS: 1 deadlines
-- ARGV: 1 maximum number of sessions
-- Returns { score of the claim, then the sessions }.
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
