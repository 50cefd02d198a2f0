-- Records that the end of a session was reported. A session that has expired must not exist again.
-- KEYS: 1 session
-- ARGV: 1 name of this call
-- Returns { 'marked' } by this call, { 'known' } if by another one before, or { 'gone' }.
if redis.call('EXISTS', KEYS[1]) == 0 then return { 'gone' } end
redis.call('HSETNX', KEYS[1], 'endReported', ARGV[1])
return { redis.call('HGET', KEYS[1], 'endReported') == ARGV[1] and 'marked' or 'known' }
