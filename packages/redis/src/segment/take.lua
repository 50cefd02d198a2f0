-- Takes an open segment for a worker thread: returns the newest revision, and a lease with the next fencing number, which
-- fences an earlier holder.
-- KEYS: 1 session, 2 open segment
-- ARGV: 1 number of the job, 2 name of this taking, 3 lease in ms, 4 fence of this taking if the segment was taken before,
--       or ''
-- Returns { 'taken', fence, newest revision, its work (JSON), options, tenant,
--           then for each of its targets with a shown partial: target, revision, message (JSON) }
--      or { 'none' }: the segment is no longer open, another job is due for it, it was taken since with a newer fence, or the
--      session is paused.
-- A repeated call with the same taking returns the same fence and the newest revision, or 'none' once it was released.
-- include ../script/clock.lua
local session = redis.call('HMGET', KEYS[1], 'state', 'options', 'tenant', 'paused')
if session[1] ~= 'live' or session[4] == '1' then return { 'none' } end
local kept = redis.call('HMGET', KEYS[2], 'job', 'taking', 'fence', 'work', 'targets', 'revision', 'leaseUntil')
if not kept[4] then return { 'none' } end
local fence, now = kept[3], now_ms()
if kept[2] ~= ARGV[2] then
  if kept[1] ~= ARGV[1] then return { 'none' } end
  -- The queue has run the job again in another thread.
  if ARGV[4] ~= '' and tonumber(fence or '0') > tonumber(ARGV[4]) then return { 'none' } end
  -- Derived from the clock, so that a segment that was evicted and opened again fences its earlier holder.
  fence = next_number(fence, now)
  redis.call('HDEL', KEYS[2], 'markedAt', 'addedAt', 'markedBy')
elseif not kept[7] then
  return { 'none' }
end
redis.call('HSET', KEYS[2], 'fence', fence, 'taking', ARGV[2], 'leaseUntil', string.format('%.0f', now + tonumber(ARGV[3])))
local reply = { 'taken', fence, kept[6], kept[4], session[2], session[3] or '' }
for target in string.gmatch(kept[5], '[^,]+') do
  local shown = redis.call('HMGET', KEYS[2], 'shown ' .. target, 'message ' .. target)
  if shown[1] then
    for _, value in ipairs({ target, shown[1], shown[2] }) do reply[#reply + 1] = value end
  end
end
return reply
