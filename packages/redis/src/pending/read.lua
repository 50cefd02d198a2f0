-- Reads what a worker needs to translate an accepted final.
-- KEYS: 1 session, 2 pending
-- ARGV: 1 segment, 2 target
-- Returns { 'outstanding', work (JSON, '' if it was lost), options (JSON), tenant, partial last shown (JSON) or '',
--           number of finals of the session and target that were accepted before it and may be unresolved,
--           newest revision that was put or previewed, '1' if a worker thread held its segment with the same text
--           for that target }
--      or { 'none' } if it is resolved or the session no longer exists.
local segment_target = ARGV[1] .. ' ' .. ARGV[2]
local work = redis.call('HMGET', KEYS[2], 'out ' .. segment_target, ARGV[1], 'shown ' .. segment_target, 'done ' .. ARGV[2], 'partial ' .. ARGV[1])
local session = redis.call('HMGET', KEYS[1], 'options', 'tenant')
if not work[1] or not session[1] then return { 'none' } end
local position = tonumber(string.match(work[1], '(%d+)$')) - tonumber(work[4] or '0') - 1
local revision = string.match(work[1], '(%S+) %S+$')
local is_handed_over = string.find(',' .. (work[5] or '') .. ',', ',' .. ARGV[2] .. ',', 1, true)
return { 'outstanding', work[2] or '', session[1], session[2] or '', string.match(work[3] or '', '^%S+ (.*)$') or '', string.format('%.0f', math.max(0, position)), revision,
  is_handed_over and '1' or '' }
