-- Renews a lease while its call is at the engine, and tells whether the call is still of use.
-- KEYS: 1 session, 2 segments, 3 slot
-- ARGV: 1 segment, 2 target, 3 ticket, 4 lease in ms, 5 digest of the text under way
-- Returns { 'renewed' | 'cancel' | 'lapsed' }; 'renewed' also where the segment was settled with this very text.
-- include ../redis/clock.lua
-- include lease.lua
-- include wanted.lua
local why, digest = refusal(KEYS[1], KEYS[2], ARGV[1], ARGV[2])
if why == 'settled' and digest == ARGV[5] then return { 'renewed' } end
if why then return { 'cancel' } end
-- Its segment was evicted, or nobody has said anything of it for long.
if redis.call('EXISTS', KEYS[3]) == 0 then return { 'cancel' } end
local now = now_ms()
local live = live_leases(read_leases(redis.call('HGET', KEYS[3], 'leases')), now)
for _, lease in ipairs(live) do
  if lease.ticket == ARGV[3] then
    lease.til = now + tonumber(ARGV[4])
    write_leases(KEYS[3], live)
    return { 'renewed' }
  end
end
return { 'lapsed' }
