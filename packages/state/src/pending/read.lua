-- What a worker needs to translate an accepted final.
-- KEYS: 1 session, 2 pending
-- ARGV: 1 segment, 2 target
-- Returns { 'outstanding', work (JSON, '' where it was lost), options (JSON), tenant, what was last shown (JSON) or '' }
--      or { 'none' } where it is resolved or the session is gone.
local slot = ARGV[1] .. ' ' .. ARGV[2]
local work = redis.call('HMGET', KEYS[2], 'out ' .. slot, ARGV[1], 'shown ' .. slot)
local session = redis.call('HMGET', KEYS[1], 'options', 'tenant')
if not work[1] or not session[1] then return { 'none' } end
return { 'outstanding', work[2] or '', session[1], session[2] or '', work[3] or '' }
