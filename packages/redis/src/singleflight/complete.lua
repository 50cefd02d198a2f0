-- Completes a call: its translation is kept for its followers and for later requests. It doesn't matter who leads the
-- call by then: every result is as good as another.
-- KEYS: 1 call, 2 translation, where translations are cached
-- ARGV: 1 text, 2 how long the call keeps its result in ms where it isn't cached, 3 'p' (made for a partial), 'f' (for a
--       final) or 's' (by another endpoint than the first), 4 TTL in the cache in ms
-- Returns { 'completed' }.
-- include ../cache/cached.lua
redis.call('DEL', KEYS[1])
if KEYS[2] then
  store_cached(KEYS[2], ARGV[3], ARGV[4], ARGV[1])
else
  redis.call('HSET', KEYS[1], 'result', ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return { 'completed' }
