-- Records that the end of a session was reported. A session that has expired must not exist again.
-- KEYS: 1 session
-- Returns { 'marked' | 'gone' }.
if redis.call('EXISTS', KEYS[1]) == 0 then return { 'gone' } end
redis.call('HSET', KEYS[1], 'endReported', '1')
return { 'marked' }
