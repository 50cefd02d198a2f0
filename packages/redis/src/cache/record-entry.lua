-- Records that a session stores an entry in the cache.
-- KEYS: 1 entries of the session: a set of keys; the empty string is a member once the session was erased
-- ARGV: 1 key of the entry, 2 maximum number of entries, 3 TTL in ms
-- Returns { 'recorded' }, or { 'surplus', key of an entry that the caller must delete }: this one if the session was erased,
-- another one of the session if it has too many.
if redis.call('SISMEMBER', KEYS[1], '') == 1 then return { 'surplus', ARGV[1] } end
local is_new = redis.call('SADD', KEYS[1], ARGV[1]) == 1
redis.call('PEXPIRE', KEYS[1], ARGV[3])
if is_new and redis.call('SCARD', KEYS[1]) > tonumber(ARGV[2]) then
  return { 'surplus', redis.call('SPOP', KEYS[1]) }
end
return { 'recorded' }
