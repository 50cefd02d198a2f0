-- Records how many open segments a worker thread holds, and returns how many all threads hold.
-- KEYS: 1 holders (hash: thread = `COUNT UNTIL`)
-- ARGV: 1 thread, 2 segments that it holds, 3 lease in ms
-- Returns { live threads, segments held by them }
-- include ../script/clock.lua
local now = now_ms()
redis.call('HSET', KEYS[1], ARGV[1], string.format('%s %.0f', ARGV[2], now + tonumber(ARGV[3])))
local threads, held = 0, 0
local all = redis.call('HGETALL', KEYS[1])
for index = 1, #all, 2 do
  local count, lease_end = string.match(all[index + 1], '^(%d+) (%d+)$')
  if tonumber(lease_end) <= now then
    redis.call('HDEL', KEYS[1], all[index])
  else
    threads = threads + 1
    held = held + tonumber(count)
  end
end
return { tostring(threads), tostring(held) }
