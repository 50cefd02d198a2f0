-- Takes the join code from a session, because a newer one of its room has it now.
-- KEYS: 1 session, 2 channel
-- ARGV: 1 hash of the code
-- Returns { 'released' }.
-- include code.lua
local _, hash = join_code(KEYS[1])
if hash == ARGV[1] then set_join_code(KEYS[1], KEYS[2], '', '', false) end
return { 'released' }
