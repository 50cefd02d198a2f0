-- Lists the processes that have recorded a status, the newest first.
-- KEYS: 1 set of the processes by the time of their last status
-- ARGV: 1 prefix of the statuses, 2 maximum number of processes
-- Returns { process, age of its status in ms, status or '', ... }.
-- include ../script/clock.lua
local now = now_ms()
local processes = redis.call('ZRANGE', KEYS[1], 0, tonumber(ARGV[2]) - 1, 'REV', 'WITHSCORES')
local listed = {}
for index = 1, #processes, 2 do
  listed[#listed + 1] = processes[index]
  listed[#listed + 1] = string.format('%.0f', math.max(0, now - tonumber(processes[index + 1])))
  listed[#listed + 1] = redis.call('GET', ARGV[1] .. processes[index]) or ''
end
return listed
