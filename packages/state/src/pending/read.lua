-- What a worker needs to translate an accepted final.
-- KEYS: 1 session, 2 pending
-- ARGV: 1 segment, 2 target
-- Returns { 'outstanding', work (JSON, '' where it was lost), options (JSON), what was last shown (JSON) or '' }
--      or { 'none' } where it is resolved or the session is gone.
local slot = ARGV[1] .. ' ' .. ARGV[2]
local work = redis.call('HMGET', KEYS[2], 'out ' .. slot, ARGV[1], 'shown ' .. slot)
local options = redis.call('HGET', KEYS[1], 'options')
if not work[1] or not options then return { 'none' } end
return { 'outstanding', work[2] or '', options, work[3] or '' }
