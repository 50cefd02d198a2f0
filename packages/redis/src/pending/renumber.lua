-- Gives an outstanding final the next job number: a finished job that is kept would swallow a new one of its id.
-- KEYS: 1 session, 2 pending
-- ARGV: 1 segment, 2 target, 3 the number of the finished job
-- Returns { number } or { '' } where the final is resolved.
-- include ../script/clock.lua
local field = 'out ' .. ARGV[1] .. ' ' .. ARGV[2]
local out = redis.call('HGET', KEYS[2], field)
if not out then return { '' } end
local job, rest = string.match(out, '^(%S+)( .*)$')
if job ~= ARGV[3] then return { job } end
local number = next_number(job, now_ms())
redis.call('HSET', KEYS[2], field, number .. rest)
return { number }
