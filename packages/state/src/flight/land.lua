-- The call of a flight is done: its translation is kept for those who follow, and for requests that come later.
-- Whoever led it meanwhile: every result of a flight is as good as another.
-- KEYS: 1 flight, 2 translation, where it may be kept
-- ARGV: 1 text, 2 how long the flight has it in ms where it isn't kept, 3 'p' (made for a partial), 'f' (for a final)
--       or 's' (by a stand-in), 4 how long it is kept in ms
-- Returns { 'landed' }.
-- include ../cache/kept.lua
redis.call('DEL', KEYS[1])
if KEYS[2] then
  keep(KEYS[2], ARGV[3], ARGV[4], ARGV[1])
else
  redis.call('HSET', KEYS[1], 'result', ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return { 'landed' }
