-- Sets the next deadline of a session that was claimed, unless an earlier one was set meanwhile.
-- KEYS: 1 deadlines
-- ARGV: 1 session, 2 score of the claim, 3 next deadline in ms from now, or '' if the session no longer exists
-- Returns { 'released' }.
-- include ../script/clock.lua
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  local score = string.format('%.0f', tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1])))
  if score == ARGV[2] then
    if ARGV[3] == '' then
      redis.call('ZREM', KEYS[1], ARGV[1])
    else
      redis.call('ZADD', KEYS[1], string.format('%.0f', (now_ms() + tonumber(ARGV[3])) * 1000), ARGV[1])
    end
  end
end
return { 'released' }
