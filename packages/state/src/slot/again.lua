-- Names tickets for open slots whose newest revision was neither shown nor is at the engine: whoever had it may be dead.
-- KEYS: 1 session, 2 segments, 3 channel
-- ARGV: 1 name of this call, 2 calls in flight allowed a slot, 3.. segments; none: all that are open
-- Returns for each ticket: segment, target, `NUMBER PLACE`.
-- include ../redis/clock.lua
-- include lease.lua
-- include ticket.lua
-- include wanted.lua
local segments, reply, now = {}, {}, now_ms()
for index = 3, #ARGV do segments[#segments + 1] = ARGV[index] end
if #segments == 0 then
  local all = redis.call('HGETALL', KEYS[2])
  for index = 1, #all, 2 do
    if string.sub(all[index + 1], 1, 1) == 'o' then segments[#segments + 1] = all[index] end
  end
end
for _, segment in ipairs(segments) do
  local mark = redis.call('HGET', KEYS[2], segment) or ''
  for target in string.gmatch(string.match(mark, '^o(.*)$') or '', '[^,]+') do
    local slot_key = KEYS[3] .. ':slot:' .. segment .. ':' .. target
    local newest = tonumber(redis.call('HGET', slot_key, 'revision') or '-1')
    if newest >= 0 and not refusal(KEYS[1], KEYS[2], segment, target) then
      local ticket = due_ticket(slot_key, now, tonumber(ARGV[2]), ARGV[1], newest)
      if ticket ~= '' then
        for _, word in ipairs({ segment, target, ticket }) do reply[#reply + 1] = word end
      end
    end
  end
end
return reply
