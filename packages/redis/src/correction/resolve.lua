-- Commits the translation of a corrected text for one target, unless a newer correction has replaced it.
-- KEYS: 1 session, 2 settled segments, 3 pending, 4 log, 5 channel
-- ARGV: 1 segment, 2 target, 3 version, or '' for any, 4 corrected entry (JSON), or '' if there is none, 5 increment of the translation count,
--       6 of the cached count
-- Returns { 'resolved' } or { 'none' } if it was resolved or replaced before, or the session no longer exists.
-- include ../script/clock.lua
-- include ../log/append.lua
-- include ../session/finish.lua
-- include outstanding.lua
local out = redis.call('HGET', KEYS[3], 'out c' .. ARGV[1] .. ' ' .. ARGV[2])
if not out or ARGV[3] ~= '' and string.match(out, '^%S+ %S+ (%S+)') ~= ARGV[3] then return { 'none' } end
local now = now_ms()
if ARGV[4] ~= '' then append_corrected(KEYS[1], KEYS[4], KEYS[5], ARGV[2], ARGV[4], now) end
for index, name in ipairs({ 'usageTranslations', 'usageCached' }) do
  redis.call('HINCRBY', KEYS[1], name, ARGV[index + 4])
end
drop_outstanding(KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], ARGV[1], ARGV[2], now)
return { 'resolved' }
