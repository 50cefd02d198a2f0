-- Assigns the next job number to an outstanding final, since a finished job that is kept would block a new one of its id.
-- KEYS: 1 session, 2 pending
-- ARGV: 1 segment, or `cSEGMENT` for a corrected text, 2 target, 3 the number of the finished job
-- Returns { number } or { '' } if the final is resolved.
-- include ../script/clock.lua
local field = 'out ' .. ARGV[1] .. ' ' .. ARGV[2]
local out = redis.call('HGET', KEYS[2], field)
if not out then return { '' } end
local job, rest = string.match(out, '^(%S+)( .*)$')
if job ~= ARGV[3] then return { job } end
local number = next_number(job, now_ms())
redis.call('HSET', KEYS[2], field, number .. rest)
return { number }
