-- Requeues open segments whose newest revision was not shown to all of its targets: the holder may be dead or may have given
-- up that revision.
-- KEYS: 1 session, 2 open segments, 3 work channel
-- ARGV: 1 name of this call, 2 prefix of the keys of open segments, 3.. segments; none: all open ones
-- Returns { open segments of the session, then for each job to add: segment, number }.
-- include ../script/clock.lua
-- include job.lua
local session = redis.call('HMGET', KEYS[1], 'state', 'targets', 'listenerTargets', 'paused')
if session[1] ~= 'live' or session[4] == '1' then return { '0' } end
local wanted = ',' .. session[2] .. ',' .. (session[3] or '') .. ','
local segments, now = { unpack(ARGV, 3) }, now_ms()
if #segments == 0 then segments = redis.call('ZRANGE', KEYS[2], 0, -1) end

local function is_unshown(segment_key, revision, targets)
  for target in string.gmatch(targets, '[^,]+') do
    if string.find(wanted, ',' .. target .. ',', 1, true)
      and revision > tonumber(redis.call('HGET', segment_key, 'shown ' .. target) or '-1') then
      return true
    end
  end
  return false
end

local reply = { tostring(redis.call('ZCARD', KEYS[2])) }
for _, segment in ipairs(segments) do
  local segment_key = ARGV[2] .. segment
  local kept = redis.call('HMGET', segment_key, 'revision', 'targets', 'leaseUntil', 'work')
  if kept[1] and is_unshown(segment_key, tonumber(kept[1]), kept[2]) then
    if tonumber(kept[3] or '0') > now then
      redis.call('SPUBLISH', KEYS[3], kept[4])
    else
      local job = due_job(segment_key, now, ARGV[1])
      if job ~= '' then
        reply[#reply + 1] = segment
        reply[#reply + 1] = job
      end
    end
  end
end
return reply
