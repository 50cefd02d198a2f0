-- Gives a room to a session that is about to start, which takes it from the one before. A new room gets a new code; if there
-- are too many, those that were not used for their lifetime are removed.
-- KEYS: 1 rooms of the tenant
-- ARGV: 1 room, 2 session, 3 join code of a new room, 4 hash of this code, 5 rooms allowed, 6 lifetime of a room in ms
-- Returns { 'taken', join code, hash of it, '1' if it is open, the session before or '' } or { 'full' }.
-- include ../script/clock.lua
-- include record.lua
local now = now_ms()
local room = read_room(KEYS[1], ARGV[1])
if not room then
  if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[5]) then
    local all = redis.call('HGETALL', KEYS[1])
    for index = 1, #all, 2 do
      local used_at = tonumber(string.match(all[index + 1], '(%S+)$'))
      if used_at + tonumber(ARGV[6]) <= now then redis.call('HDEL', KEYS[1], all[index]) end
    end
    if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[5]) then return { 'full' } end
  end
  room = { code = ARGV[3], hash = ARGV[4], open = '1', session = '-', previous = '-' }
end
if room.session ~= ARGV[2] then room.session, room.previous = ARGV[2], room.session end
write_room(KEYS[1], ARGV[1], room, now, ARGV[6])
return { 'taken', room.code, room.hash, room.open, room.previous == '-' and '' or room.previous }
