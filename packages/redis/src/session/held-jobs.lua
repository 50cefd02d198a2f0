-- Returns the jobs of finals that a client keeps and that are accepted. Not part of resume.lua, which would take too long.
-- KEYS: 1 pending
-- ARGV: segments
-- Returns for each outstanding target of these: segment, target, job number, priority.
local reply, fields = {}, {}
for index, segment in ipairs(ARGV) do fields[index] = 'targets ' .. segment end
for index, csv in ipairs(redis.call('HMGET', KEYS[1], unpack(fields))) do
  local targets, outs = {}, {}
  for target in string.gmatch(csv or '', '[^,]+') do
    targets[#targets + 1] = target
    outs[#outs + 1] = 'out ' .. ARGV[index] .. ' ' .. target
  end
  for place, out in ipairs(#outs > 0 and redis.call('HMGET', KEYS[1], unpack(outs)) or {}) do
    if out then
      local job, priority = string.match(out, '^(%S+) (%S+)')
      for _, value in ipairs({ ARGV[index], targets[place], job, priority }) do reply[#reply + 1] = value end
    end
  end
end
return reply
