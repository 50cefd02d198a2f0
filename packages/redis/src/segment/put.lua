-- Stores a partial as the newest revision of its segment, publishes it to the segment's holder, and shows it to targets that
-- need no translation.
-- KEYS: 1 session, 2 settled segments, 3 open segment, 4 open segments, 5 work channel, 6 results channel
-- ARGV: 1 connection, 2 segment, 3 revision, 4 open segments allowed, 5 TTL of an idle segment in ms, 6 languages
--       requested by listeners, as known to the edge, 7 '1' if the text is blank, 8 work for the holder (JSON) or '' if nothing
--       is to be translated, 9 its targets, separated by commas, 10 bytes that the segment takes with its translations, 11 bytes
--       of all open segments, 12.. pairs of target and body (JSON) without translation
-- Returns { 'put', number of the job to add or '', open segments of the session, segments evicted, separated by commas }
--      or { 'gone' | 'fenced' | 'owner-lost' | 'ending' | 'paused' | 'settled' | 'too-old' | 'stale' }
--      or { 'listeners', languages they request now }: nothing was put.
-- include ../script/clock.lua
-- include job.lua
-- include admit.lua
local is_open = redis.call('EXISTS', KEYS[3]) == 1
local refusal, more = admit(KEYS[1], KEYS[2], ARGV[1], ARGV[2], is_open, ARGV[6])
if refusal then return { refusal, more } end

local now, revision, head = now_ms(), tonumber(ARGV[3]), more
local is_fresh, job = false, ''
for index = 12, #ARGV, 2 do
  local shown = tonumber(redis.call('HGET', KEYS[3], 'shown ' .. ARGV[index]) or '-1')
  if revision >= shown then is_fresh = true end
  if revision > shown then
    redis.call('HSET', KEYS[3], 'shown ' .. ARGV[index], ARGV[3], 'message ' .. ARGV[index], ARGV[index + 1])
    redis.call('SPUBLISH', KEYS[6], 'p ' .. head .. ' ' .. ARGV[3] .. ' ' .. ARGV[index + 1])
  end
end
local kept = redis.call('HMGET', KEYS[3], 'revision', 'leaseUntil')
local newest = tonumber(kept[1] or '-1')
if ARGV[8] ~= '' and revision >= newest then
  is_fresh = true
  -- A revision may be put again with other targets.
  redis.call('HSET', KEYS[3], 'revision', ARGV[3], 'work', ARGV[8], 'targets', ARGV[9], 'bytes', ARGV[10])
  if tonumber(kept[2] or '0') > now then
    redis.call('SPUBLISH', KEYS[5], ARGV[8])
  else
    job = due_job(KEYS[3], now, 'r' .. ARGV[3])
  end
end
if not is_fresh then return { 'stale' } end
local evicted, prefix, max_open = {}, string.match(KEYS[3], '^(.*:)'), tonumber(ARGV[4])
if not is_open and not redis.call('ZSCORE', KEYS[4], ARGV[2]) then
  evict_segments(KEYS[4], prefix, KEYS[5], max_open, evicted)
end
if tonumber(ARGV[10]) > tonumber(ARGV[11]) / max_open then
  evict_bytes(KEYS[4], prefix, KEYS[5], ARGV[2], tonumber(ARGV[10]), tonumber(ARGV[11]), evicted)
end
redis.call('PEXPIRE', KEYS[3], ARGV[5])
mark_open(KEYS[4], ARGV[2], now, ARGV[7] == '1')
local open = job == '' and '0' or tostring(redis.call('ZCARD', KEYS[4]))
return { 'put', job, open, table.concat(evicted, ',') }
