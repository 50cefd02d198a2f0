-- Leases of a slot: one field, `TICKET THREAD REVISION DIGEST UNTIL;` for each, so that counting them is one read.
local function read_leases(text)
  local leases = {}
  for ticket, thread, revision, digest, til in string.gmatch(text or '', '(%S+) (%S+) (%S+) (%S+) (%S+);') do
    leases[#leases + 1] = { ticket = ticket, thread = thread, revision = tonumber(revision), digest = digest, til = tonumber(til) }
  end
  return leases
end

local function write_leases(slot_key, leases)
  local parts = {}
  for _, lease in ipairs(leases) do
    parts[#parts + 1] = string.format('%s %s %.0f %s %.0f;', lease.ticket, lease.thread, lease.revision, lease.digest, lease.til)
  end
  redis.call('HSET', slot_key, 'leases', table.concat(parts))
end

local function live_leases(leases, now)
  local live = {}
  for _, lease in ipairs(leases) do
    if lease.til > now then live[#live + 1] = lease end
  end
  return live
end

local function without(leases, ticket)
  local others = {}
  for _, lease in ipairs(leases) do
    if lease.ticket ~= ticket then others[#others + 1] = lease end
  end
  return others
end
