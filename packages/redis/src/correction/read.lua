-- Reads what a worker needs to translate a corrected text.
-- KEYS: 1 session, 2 settled segments, 3 pending
-- ARGV: 1 segment, 2 target
-- Returns { 'outstanding', version, work (JSON), options (JSON), tenant, corrected entry (JSON) if no engine is needed or '' },
--         { 'early' } if the final of the target is not in the log yet, or { 'none' } if nothing is outstanding.
-- include outstanding-fields.lua
local place = 'c' .. ARGV[1] .. ' ' .. ARGV[2]
local found = redis.call('HMGET', KEYS[3], 'out ' .. place, 'c' .. ARGV[1], 'body ' .. place)
local session = redis.call('HMGET', KEYS[1], 'options', 'tenant')
if not found[1] or not session[1] then return { 'none' } end
local sequences = parse_entry(redis.call('HGET', KEYS[2], 'entry ' .. ARGV[1]))
if not is_final_logged(KEYS[3], ARGV[1], ARGV[2], sequences[ARGV[2]]) then return { 'early' } end
local version = string.match(found[1], '^%S+ %S+ (%S+)')
return { 'outstanding', version, found[2] or '', session[1], session[2] or '', found[3] or '' }
