-- Gives a lease back without a result.
-- KEYS: 1 session, 2 segments, 3 slot
-- ARGV: 1 segment, 2 target, 3 ticket, 4 calls in flight allowed, 5 '1' where the newest revision is due again though it
--       was taken: its call was not made
-- Returns { 'released' | 'gone' | 'settled' | 'unwanted', ticket due (`NUMBER PLACE`) or '' }
-- include ../redis/clock.lua
-- include lease.lua
-- include ticket.lua
-- include wanted.lua
local why = refusal(KEYS[1], KEYS[2], ARGV[1], ARGV[2])
if why then return { why, '' } end
local leases = redis.call('HGET', KEYS[3], 'leases')
if not leases then return { 'gone', '' } end
local now = now_ms()
write_leases(KEYS[3], without(live_leases(read_leases(leases), now), ARGV[3]))
local again = ARGV[5] == '1' and tonumber(redis.call('HGET', KEYS[3], 'revision')) or nil
return { 'released', due_ticket(KEYS[3], now, tonumber(ARGV[4]), ARGV[3], again) }
