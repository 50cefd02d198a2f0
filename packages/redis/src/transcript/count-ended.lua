-- Counts the transcript of an ended session for its tenant. If the tenant has too much, the transcripts of the sessions that ended
-- first are forgotten here, and the caller removes them. The hash maps each session to `BYTES ENDED_AT`; `:total` is the sum.
-- KEYS: 1 transcripts of the tenant
-- ARGV: 1 session, 2 bytes, 3 how long transcripts are kept in ms, 4 bytes of all together
-- Returns { 'counted', then the sessions whose transcripts must be removed }.
-- include ../script/clock.lua
-- So that there are not too many.
local min_bytes = 16384
local now, max_bytes = now_ms(), tonumber(ARGV[4])
local bytes = math.max(min_bytes, tonumber(ARGV[2]))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
if redis.call('HSETNX', KEYS[1], ARGV[1], string.format('%.0f %.0f', bytes, now)) == 0 then return { 'counted' } end
local total = redis.call('HINCRBY', KEYS[1], ':total', bytes)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
if total <= max_bytes then return { 'counted' } end

local kept, fields = {}, redis.call('HGETALL', KEYS[1])
for index = 1, #fields, 2 do
  local own_bytes, ended_at = string.match(fields[index + 1], '^(%d+) (%d+)$')
  if own_bytes then kept[#kept + 1] = { session = fields[index], bytes = tonumber(own_bytes), ended_at = tonumber(ended_at) } end
end
table.sort(kept, function(one, other) return one.ended_at < other.ended_at end)
-- More than necessary, so that not every session that ends reads them all.
local enough, reply = max_bytes * 7 / 8, { 'counted' }
for _, transcript in ipairs(kept) do
  local has_expired = transcript.ended_at <= now - tonumber(ARGV[3])
  if not has_expired and (total <= enough or transcript.session == ARGV[1]) then break end
  redis.call('HDEL', KEYS[1], transcript.session)
  total = total - transcript.bytes
  if not has_expired then reply[#reply + 1] = transcript.session end
end
redis.call('HSET', KEYS[1], ':total', string.format('%.0f', total))
return reply
