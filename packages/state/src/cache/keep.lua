-- Keeps a translation.
-- KEYS: 1 translation
-- ARGV: 1 'p' (made for a partial) or 'f' (for a final), 2 how long it is kept in ms, 3 text
-- Returns { 'kept' }.
-- include kept.lua
keep(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
return { 'kept' }
