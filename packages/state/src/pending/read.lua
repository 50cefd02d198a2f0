-- What a worker needs to translate an accepted final.
-- KEYS: 1 session, 2 pending
-- ARGV: 1 segment, 2 target
-- Returns { 'outstanding', work (JSON, '' where it was lost), options (JSON) } or { 'none' } where it is resolved or the
-- session is gone.
local work = redis.call('HMGET', KEYS[2], 'out ' .. ARGV[1] .. ' ' .. ARGV[2], ARGV[1])
local options = redis.call('HGET', KEYS[1], 'options')
if not work[1] or not options then return { 'none' } end
return { 'outstanding', work[2] or '', options }
