-- Looks up a cached translation. If there is none, joins the call that equal requests share, or renews the membership.
-- KEYS: 1 call, a hash: `leader` and `until` while the call is under way, `f:MEMBER` for each follower (the end of
--         its lease), and after completion only its `result`; 2 translation, if the cache is enabled
-- ARGV: 1 member, 2 lease of a member in ms, 3 '1' if it may follow,
--       4 '' for a partial; for a final, the TTL of a final's translation in ms, 5 '0' if it may not lead
-- Returns { 'lead' | 'follow' | 'unshared' | 'none' }, { 'completed', text } or { 'cached', text, 'p' | 'f' | 's' }.
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
  return { 'unshared' }
end
local max_lease_end = now + tonumber(ARGV[2])
local lease_end = string.format('%.0f', max_lease_end)
-- A later lease comes from a clock that was set back; a live member renews it.
local function is_alive(at) return at > now and at <= max_lease_end end
if call[1] and call[1] ~= ARGV[1] and is_alive(tonumber(call[2])) then
  if not may_follow then return { 'unshared' } end
  redis.call('HSET', KEYS[1], 'f:' .. ARGV[1], lease_end)
  redis.call('PEXPIRE', KEYS[1], ARGV[2] * 2)
  return { 'follow' }
end
if ARGV[5] == '0' then return { 'none' } end
redis.call('HDEL', KEYS[1], 'f:' .. ARGV[1])
redis.call('HSET', KEYS[1], 'leader', ARGV[1], 'until', lease_end)
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 2)
return { 'lead' }
