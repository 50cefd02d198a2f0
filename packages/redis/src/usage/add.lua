-- Adds amounts to the fields of a hash exactly once.
-- KEYS: 1 usage of a tenant and day, or a session
-- ARGV: 1 writer, 2 number of this addition by that writer, 3 '1' if the hash must exist already,
--       4 TTL of the key in ms ('' for no change), then field, amount pairs
-- Returns { 'added', total of each field... }, or { 'gone' }, also if the usage was just erased. Repeating an addition changes
-- nothing and returns the same.
-- A total is '' if the amount can't be added; the other amounts are added nevertheless.
if ARGV[3] == '1' and redis.call('EXISTS', KEYS[1]) == 0 then return { 'gone' } end
if redis.call('HEXISTS', KEYS[1], 'erased') == 1 then return { 'gone' } end
local writer = 'writer ' .. ARGV[1]
local is_new = redis.call('HGET', KEYS[1], writer) ~= ARGV[2]
if is_new then redis.call('HSET', KEYS[1], writer, ARGV[2]) end
local reply = { 'added' }
for index = 5, #ARGV, 2 do
  local result = is_new and redis.pcall('HINCRBY', KEYS[1], ARGV[index], ARGV[index + 1])
  local refused = type(result) == 'table' and result.err
  reply[#reply + 1] = refused and '' or redis.call('HGET', KEYS[1], ARGV[index]) or '0'
end
if ARGV[4] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
return reply
