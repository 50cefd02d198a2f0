-- Stores a translation.
-- KEYS: 1 translation
-- ARGV: 1 'p' (made for a partial), 'f' (for a final) or 's' (by a fallback endpoint), 2 TTL in ms, 3 text
-- Returns { 'stored' }.
-- include cached.lua
store_cached(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
return { 'stored' }
