-- Looks up a translation, and joins the call that equal requests share, or renews the membership. A cached translation
-- needs no call.
-- KEYS: 1 call, a hash: `leader` and `until` while the call is under way, `f:MEMBER` for each follower (until when it
--         counts as alive), and once completed only its `result`; 2 translation, where translations are cached
-- ARGV: 1 member, 2 how long a member that isn't heard of counts as alive in ms, 3 '1' where it may follow,
--       4 '' for a partial; for a final, the TTL of a final's translation in ms, 5 '0' where it may not lead
-- Returns { 'lead' | 'follow' | 'alone' | 'none' }, { 'completed', text } or { 'cached', text, 'p' | 'f' | 's' }.
-- include ../script/clock.lua
-- include ../cache/cached.lua
local may_follow = ARGV[3] == '1'
if may_follow and KEYS[2] then
  local text, letter = find_cached(KEYS[2], ARGV[4] ~= '' and ARGV[4])
  if text then return { 'cached', text, letter } end
end
local call, now = redis.call('HMGET', KEYS[1], 'leader', 'until', 'result'), now_ms()
if call[3] then
  if may_follow then return { 'completed', call[3] } end
  return { 'alone' }
end
local latest = now + tonumber(ARGV[2])
local til = string.format('%.0f', latest)
-- No member lives longer than that: a later time comes from a clock that was put back, and whoever is alive renews it.
local function is_alive(at) return at > now and at <= latest end
if call[1] and call[1] ~= ARGV[1] and is_alive(tonumber(call[2])) then
  if not may_follow then return { 'alone' } end
  redis.call('HSET', KEYS[1], 'f:' .. ARGV[1], til)
  redis.call('PEXPIRE', KEYS[1], ARGV[2] * 2)
  return { 'follow' }
end
if ARGV[5] == '0' then return { 'none' } end
redis.call('HDEL', KEYS[1], 'f:' .. ARGV[1])
redis.call('HSET', KEYS[1], 'leader', ARGV[1], 'until', til)
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 2)
return { 'lead' }
