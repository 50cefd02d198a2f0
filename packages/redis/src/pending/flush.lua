-- Appends further results of a target that an ordered session has buffered; the last ones of an ending session end it.
-- KEYS: 1 session, 2 segments, 3 pending, 4 log, 5 channel
-- ARGV: 1 target
-- Returns { 'more' | 'flushed' }.
-- include ../script/clock.lua
-- include ../log/append.lua
-- include ../session/finish.lua
-- include resolved.lua
local done = redis.call('HGET', KEYS[3], 'done ' .. ARGV[1])
if not done or redis.call('EXISTS', KEYS[1]) == 0 then return { 'flushed' } end
local now = now_ms()
if flush_buffered(KEYS[1], KEYS[3], KEYS[4], KEYS[5], ARGV[1], tonumber(done), {}, now) then return { 'more' } end
if is_complete(KEYS[1]) and redis.call('HGET', KEYS[1], 'state') == 'ending' then
  finish(KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], now)
end
return { 'flushed' }
