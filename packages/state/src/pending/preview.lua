-- Shows what has arrived of a long final's translation as a partial with the next revision, while its target is outstanding.
-- KEYS: 1 session, 2 pending, 3 channel
-- ARGV: 1 segment, 2 target, 3 body (JSON)
-- Returns { 'published' } or { 'none' }.
local field = 'out ' .. ARGV[1] .. ' ' .. ARGV[2]
local out = redis.call('HGET', KEYS[2], field)
local head = redis.call('HGET', KEYS[1], 'head')
if not out or not head then return { 'none' } end
local job, priority, newest, sequence = string.match(out, '^(%S+) (%S+) (%S+) (%S+)$')
local revision = string.format('%.0f', tonumber(newest) + 1)
redis.call('HSET', KEYS[2], field, table.concat({ job, priority, revision, sequence }, ' '))
redis.call('SPUBLISH', KEYS[3], 'p ' .. head .. ' ' .. revision .. ' ' .. ARGV[3])
return { 'published' }
