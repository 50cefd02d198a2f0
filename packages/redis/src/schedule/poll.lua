-- Records that a worker polls the deadlines. If none has for a while, Redis was unreachable and owners could not renew their
-- leases: no session is ended until they have had one more lease time to do so.
-- KEYS: 1 last poll (hash)
-- ARGV: 1 time without polls that counts as an outage in ms, 2 lease in ms
-- Returns { '1' } if sessions may be ended, { '0' } otherwise.
-- include ../script/clock.lua
local now = now_ms()
local last_poll = redis.call('HMGET', KEYS[1], 'at', 'spareUntil')
local spare_until = tonumber(last_poll[2] or '0')
if last_poll[1] and now - tonumber(last_poll[1]) > tonumber(ARGV[1]) then spare_until = now + tonumber(ARGV[2]) end
redis.call('HSET', KEYS[1], 'at', string.format('%.0f', now), 'spareUntil', string.format('%.0f', spare_until))
return { now >= spare_until and '1' or '0' }
