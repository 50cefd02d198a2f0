-- Puts a partial's translation out, if it is newer than what was last shown and its segment is still open, and ends the lease.
-- KEYS: 1 session, 2 segments, 3 slot, 4 channel
-- ARGV: 1 segment, 2 target, 3 ticket, 4 revision, 5 body (JSON), 6 calls in flight allowed
-- Returns { 'published' | 'overtaken' | 'gone' | 'settled' | 'unwanted', ticket due (`NUMBER PLACE`) or '' }
-- The envelope on the channel is `p HEAD REVISION BODY`, HEAD being the newest offset of the log.
-- include ../redis/clock.lua
-- include lease.lua
-- include ticket.lua
-- include wanted.lua
local why = refusal(KEYS[1], KEYS[2], ARGV[1], ARGV[2])
if why then return { why, '' } end
local slot = redis.call('HMGET', KEYS[3], 'revision', 'shown', 'shownBy', 'leases')
if not slot[1] then return { 'gone', '' } end
local now = now_ms()
write_leases(KEYS[3], without(live_leases(read_leases(slot[4]), now), ARGV[3]))
local shown = tonumber(slot[2] or '-1')
local status = 'overtaken'
if tonumber(ARGV[4]) > shown then
  redis.call('HSET', KEYS[3], 'shown', ARGV[4], 'shownBy', ARGV[3], 'message', ARGV[5])
  redis.call('SPUBLISH', KEYS[4], 'p ' .. redis.call('HGET', KEYS[1], 'head') .. ' ' .. ARGV[4] .. ' ' .. ARGV[5])
  status = 'published'
elseif tonumber(ARGV[4]) == shown and slot[3] == ARGV[3] then
  status = 'published'
end
return { status, due_ticket(KEYS[3], now, tonumber(ARGV[6]), ARGV[3]) }
