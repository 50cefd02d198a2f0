-- Looks up a cached translation.
-- KEYS: 1 translation
-- ARGV: 1 '' for a partial; for a final, the TTL of a final's translation in ms
-- Returns { 'cached', text, 'p' | 'f' | 's' } or { 'none' }.
-- include cached.lua
local text, letter = find_cached(KEYS[1], ARGV[1] ~= '' and ARGV[1])
if text then return { 'cached', text, letter } end
return { 'none' }
