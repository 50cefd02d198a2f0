-- Looks up a kept translation.
-- KEYS: 1 translation
-- ARGV: 1 '' for a partial; for a final, how long it is kept as a final's in ms
-- Returns { 'found', text } or { 'none' }.
-- include kept.lua
local text = kept(KEYS[1], ARGV[1] ~= '' and ARGV[1])
if text then return { 'found', text } end
return { 'none' }
