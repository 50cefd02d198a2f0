-- Corrects what is left by what a call that has ended showed: what it counted as, what the engine said was left, and for how
-- long it wants to be left alone, which everybody is told.
-- KEYS: 1 room, 2 calls under way; the first one's name is also the channel
-- ARGV: 1 call, 2 tokens above what was taken for it, 3 requests that the engine said were left when it took the call, or
--       '', 4 tokens, or '', 5 requests given away in all when the room was taken, 6 tokens, 7 time since then in ms,
--       8 how long nobody may call in ms, or '', 9.. both buckets (see level.lua)
-- Returns { 'released' }; a second time it changes nothing.
-- include level.lua
local call, more_tokens, pause = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[8])
local buckets, now = read_buckets(ARGV, 9), exact_now_ms()
local room = read_room(KEYS[1], buckets, now)
local is_counted = redis.call('ZREM', KEYS[2], call) == 1
if is_counted then
  room.level.tokens = math.min(buckets.tokens.capacity, room.level.tokens - more_tokens)
  local told = { requests = tonumber(ARGV[3]), tokens = tonumber(ARGV[4]) }
  local given = { requests = tonumber(ARGV[5]), tokens = tonumber(ARGV[6]) }
  for limited, bucket in pairs(buckets) do
    if told[limited] and bucket.capacity > 0 then
      -- What has come in since then, and what others have taken: roughly, since calls overtake each other on their way.
      local left = told[limited] + bucket.per_ms * tonumber(ARGV[7]) - (room.given[limited] - given[limited])
      local doubt = math.max(bucket.capacity / 2, limited == 'requests' and 2 or 0)
      room.level[limited] = math.min(room.level[limited], math.max(0, left) + doubt)
    end
  end
end
if pause and room.paused_by ~= call then
  room.paused_until = math.max(room.paused_until, now + pause)
  room.paused_by = call
  room.at = room.paused_until
  -- One call tries whether the engine is ready; the buckets fill again from there.
  room.level.requests = math.min(room.level.requests, 1)
  room.level.tokens = math.min(room.level.tokens, buckets.tokens.capacity / 2)
  redis.call('SPUBLISH', KEYS[1], 'pause ' .. string.format('%.0f', math.ceil(room.paused_until - now)))
elseif not is_counted then
  return { 'released' }
end
write_room(KEYS[1], room)
return { 'released' }
