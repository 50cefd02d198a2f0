-- Shows the beginning of a long final's translation as a partial with the next revision, while its target is outstanding.
-- The caller has compared it with the text last shown; if that has changed meanwhile, it must compare again.
-- KEYS: 1 session, 2 pending, 3 channel
-- ARGV: 1 segment, 2 target, 3 body (JSON), 4 the newest revision known to the caller
-- Returns { 'published', its revision }, { 'overtaken', newest revision, partial last shown (JSON) or '' } or { 'none' }.
local segment_target = ARGV[1] .. ' ' .. ARGV[2]
local found = redis.call('HMGET', KEYS[2], 'out ' .. segment_target, 'shown ' .. segment_target)
local head = redis.call('HGET', KEYS[1], 'head')
if not found[1] or not head then return { 'none' } end
local job, priority, newest, sequence = string.match(found[1], '^(%S+) (%S+) (%S+) (%S+)$')
local revision = string.format('%.0f', tonumber(ARGV[4]) + 1)
local shown = revision .. ' ' .. ARGV[3]
if newest ~= ARGV[4] then
  -- The same call was sent again after the connection broke.
  if newest == revision and found[2] == shown then return { 'published', revision } end
  return { 'overtaken', newest, string.match(found[2] or '', '^%S+ (.*)$') or '' }
end
redis.call('HSET', KEYS[2], 'out ' .. segment_target, table.concat({ job, priority, revision, sequence }, ' '), 'shown ' .. segment_target, shown)
redis.call('SPUBLISH', KEYS[3], 'p ' .. head .. ' ' .. revision .. ' ' .. ARGV[3])
return { 'published', revision }
