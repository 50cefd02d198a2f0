-- Keeps a translation.
-- KEYS: 1 translation
-- ARGV: 1 'p' (made for a partial), 'f' (for a final) or 's' (by a stand-in), 2 how long it is kept in ms, 3 text
-- Returns { 'kept' }.
-- include kept.lua
keep(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
return { 'kept' }
