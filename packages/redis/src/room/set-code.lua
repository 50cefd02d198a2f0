-- Changes, closes or opens the join code of a room, at the request of its newest session.
-- KEYS: 1 rooms of the tenant
-- ARGV: 1 room, 2 session, 3 join code, 4 hash of it, 5 '1' if it is open, 6 lifetime of a room in ms
-- Returns { 'set' } or { 'lost' } if a newer session has the room.
-- include ../script/clock.lua
-- include record.lua
local room = read_room(KEYS[1], ARGV[1])
if not room or room.session ~= ARGV[2] then return { 'lost' } end
room.code, room.hash, room.open = ARGV[3], ARGV[4], ARGV[5]
write_room(KEYS[1], ARGV[1], room, now_ms(), ARGV[6])
return { 'set' }
