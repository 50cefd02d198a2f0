-- A room is a field of the hash of its tenant's rooms: `CODE HASH OPEN SESSION PREVIOUS USED_AT`. SESSION is the newest
-- session that named the room, PREVIOUS the one before it, each '-' if there is none. OPEN is '1' or '0'.
local function read_room(rooms_key, name)
  local record = redis.call('HGET', rooms_key, name)
  if not record then return nil end
  local code, hash, open, session, previous = string.match(record, '^(%S+) (%S+) (%S+) (%S+) (%S+) %S+$')
  return { code = code, hash = hash, open = open, session = session, previous = previous }
end

local function write_room(rooms_key, name, room, now, lifetime_ms)
  local used_at = string.format('%.0f', now)
  redis.call('HSET', rooms_key, name, table.concat({ room.code, room.hash, room.open, room.session, room.previous, used_at }, ' '))
  redis.call('PEXPIRE', rooms_key, lifetime_ms)
end
