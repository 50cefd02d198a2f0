-- Joins a flight, or stays in it: one engine call that equal requests share. Where translations are kept, one that is
-- kept needs no flight.
-- KEYS: 1 flight, a hash: `leader` and `until` while the call is made, `f:MEMBER` for each follower (until when it is
--         taken for alive), and from its landing on the `result` alone; 2 translation, where it may be kept
-- ARGV: 1 member, 2 life of a member that isn't heard of in ms, 3 '1' where it may follow,
--       4 '' for a partial; for a final, how long a kept translation is kept as a final's in ms
-- Returns { 'lead' | 'follow' | 'alone' }, { 'landed', text } or { 'cached', text }.
-- include ../redis/clock.lua
-- include ../cache/kept.lua
local may_follow = ARGV[3] == '1'
if may_follow and KEYS[2] then
  local text = kept(KEYS[2], ARGV[4] ~= '' and ARGV[4])
  if text then return { 'cached', text } end
end
local flight, now = redis.call('HMGET', KEYS[1], 'leader', 'until', 'result'), now_ms()
if flight[3] then
  if may_follow then return { 'landed', flight[3] } end
  return { 'alone' }
end
local latest = now + tonumber(ARGV[2])
local til = string.format('%.0f', latest)
-- No member lives longer than that: a later moment is that of a clock which was put back, and whoever lives renews it.
local function is_alive(at) return at > now and at <= latest end
if flight[1] and flight[1] ~= ARGV[1] and is_alive(tonumber(flight[2])) then
  if not may_follow then return { 'alone' } end
  redis.call('HSET', KEYS[1], 'f:' .. ARGV[1], til)
  redis.call('PEXPIRE', KEYS[1], ARGV[2] * 2)
  return { 'follow' }
end
redis.call('HDEL', KEYS[1], 'f:' .. ARGV[1])
redis.call('HSET', KEYS[1], 'leader', ARGV[1], 'until', til)
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 2)
return { 'lead' }
