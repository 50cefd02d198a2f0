-- A worker begins to walk the deadlines. Where nobody has for a while, Redis was away, and owners could not renew their
-- leases: sessions are given one lease more before any of them is ended.
-- KEYS: 1 the walk (hash)
-- ARGV: 1 silence that counts as away in ms, 2 lease in ms
-- Returns { '1' } where sessions may be ended, { '0' } otherwise.
-- include ../script/clock.lua
local now = now_ms()
local walk = redis.call('HMGET', KEYS[1], 'at', 'spareUntil')
local spare_until = tonumber(walk[2] or '0')
if walk[1] and now - tonumber(walk[1]) > tonumber(ARGV[1]) then spare_until = now + tonumber(ARGV[2]) end
redis.call('HSET', KEYS[1], 'at', string.format('%.0f', now), 'spareUntil', string.format('%.0f', spare_until))
return { now >= spare_until and '1' or '0' }
