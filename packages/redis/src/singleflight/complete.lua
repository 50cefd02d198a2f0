-- Completes a call: stores its translation for its followers and later requests. Any member may complete it, since all
-- results are equivalent.
-- KEYS: 1 call, 2 translation, if the cache is enabled
-- ARGV: 1 text, 2 TTL of the result in ms if the cache is disabled, 3 'p' (made for a partial), 'f' (for a
--       final) or 's' (by a fallback endpoint), 4 TTL in the cache in ms
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
