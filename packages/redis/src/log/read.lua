-- Reads entries of a session's log: those after an offset, oldest first, or the newest ones, newest first. Reads small pages, up to
-- the maximum of entries and of bytes, but at least one entry.
-- KEYS: 1 log
-- ARGV: 1 offset, or 'newest', 2 maximum number of entries, 3 maximum bytes of their bodies
-- Returns the ID and the body of each entry.
local page_size = 16
local max_entries, max_bytes = tonumber(ARGV[2]), tonumber(ARGV[3])
local command, start, stop = 'XRANGE', '(' .. ARGV[1] .. '-0', '+'
if ARGV[1] == 'newest' then command, start, stop = 'XREVRANGE', '+', '-' end
local found, count, bytes = {}, 0, 0
local has_more = true
while has_more and count < max_entries do
  local page = redis.call(command, KEYS[1], start, stop, 'COUNT', math.min(page_size, max_entries - count))
  has_more = #page == page_size
  for _, entry in ipairs(page) do
    local id, body = entry[1], entry[2][2]
    bytes = bytes + #body
    if bytes > max_bytes and count > 0 then return found end
    count = count + 1
    found[2 * count - 1], found[2 * count] = id, body
    start = '(' .. id
  end
end
return found
