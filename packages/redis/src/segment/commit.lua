-- Publishes a partial's translation if it is newer than the one last shown for its target and the segment is still open.
-- KEYS: 1 session, 2 open segment, 3 results channel
-- ARGV: 1 target, 2 fence, 3 revision, 4 body (JSON), 5 lease in ms, 6 newest revision known to the holder
-- Returns { 'published' | 'overtaken' | 'unwanted', work of a newer revision than the known one (JSON) or '' }
--      or { 'closed' | 'fenced', '' }.
-- The message on the channel is `p HEAD REVISION BODY`, where HEAD is the newest offset of the log.
-- include ../script/clock.lua
local kept = redis.call('HMGET', KEYS[2], 'fence', 'revision', 'shown ' .. ARGV[1], 'leaseUntil', 'message ' .. ARGV[1])
if not kept[1] then return { 'closed', '' } end
if kept[1] ~= ARGV[2] or not kept[4] then return { 'fenced', '' } end
local session = redis.call('HMGET', KEYS[1], 'head', 'targets', 'listenerTargets')
if not session[1] then return { 'closed', '' } end
local newer = ''
if tonumber(kept[2]) > tonumber(ARGV[6]) then newer = redis.call('HGET', KEYS[2], 'work') end
local wanted = ',' .. (session[2] or '') .. ',' .. (session[3] or '') .. ','
if not string.find(wanted, ',' .. ARGV[1] .. ',', 1, true) then return { 'unwanted', newer } end
local shown = tonumber(kept[3] or '-1')
-- The revision may also have been shown without a translation, since the segment's language had changed.
local is_same = tonumber(ARGV[3]) == shown and kept[5] == ARGV[4]
if tonumber(ARGV[3]) <= shown and not is_same then return { 'overtaken', newer } end
local lease = string.format('%.0f', now_ms() + tonumber(ARGV[5]))
if is_same then return { 'published', newer } end
redis.call('HSET', KEYS[2], 'shown ' .. ARGV[1], ARGV[3], 'message ' .. ARGV[1], ARGV[4], 'leaseUntil', lease)
redis.call('SPUBLISH', KEYS[3], 'p ' .. session[1] .. ' ' .. ARGV[3] .. ' ' .. ARGV[4])
return { 'published', newer }
