-- A worker comes with a ticket: it gets the newest revision of the slot and a lease on it.
-- KEYS: 1 session, 2 segments, 3 slot
-- ARGV: 1 segment, 2 target, 3 ticket, 4 thread, 5 lease in ms, 6 calls in flight allowed, 7 '1' where what was shown is
--       wanted
-- Returns { 'taken', ticket due (`NUMBER PLACE`) or '', revision, text, digest, meta, options, tenant, what was last
--           shown (JSON) or '' } or
--         { 'none', ticket due (`NUMBER PLACE`) or '', why: 'gone' | 'settled' | 'unwanted' | 'done' | 'lapsed' }
-- A ticket that isn't the waiting one gets its own live lease again, or nothing.
-- include ../redis/clock.lua
-- include lease.lua
-- include ticket.lua
-- include wanted.lua
local why = refusal(KEYS[1], KEYS[2], ARGV[1], ARGV[2])
if why then
  wait_no_more(KEYS[3])
  -- The target may be wanted again: a mark whose ticket has gone would keep the next one away.
  if why == 'unwanted' and redis.call('HGET', KEYS[3], 'ticket') == ARGV[3] then
    redis.call('HDEL', KEYS[3], 'ticket', 'markedAt', 'addedAt', 'markedBy')
  end
  return { 'none', '', why }
end
local slot = redis.call('HMGET', KEYS[3], 'revision', 'shown', 'ticket', 'leases', 'text', 'digest', 'meta', 'taken', 'message')
if not slot[1] then
  wait_no_more(KEYS[3])
  return { 'none', '', 'done' }
end
local now = now_ms()
local in_flight = tonumber(ARGV[6])
local live = live_leases(read_leases(slot[4]), now)
local newest = tonumber(slot[1])

local function mark_taken()
  local taken = string.format('%.0f', math.max(newest, tonumber(slot[8] or '-1')))
  redis.call('HSET', KEYS[3], 'taken', taken)
end

local function reply(due)
  local session = redis.call('HMGET', KEYS[1], 'options', 'tenant')
  return { 'taken', due, slot[1], slot[5], slot[6], slot[7], session[1], session[2] or '', ARGV[7] == '1' and slot[9] or '' }
end

if slot[3] ~= ARGV[3] then
  local own, done = nil, newest <= tonumber(slot[2] or '-1')
  for _, lease in ipairs(live) do
    if lease.ticket == ARGV[3] then own = lease
    elseif lease.revision == newest then done = true end
  end
  if own and not done then
    -- The newest text, whatever came since the first call: a lease on an older one would keep the next ticket away.
    own.revision, own.digest = newest, slot[6]
    write_leases(KEYS[3], live)
    mark_taken()
    return reply('')
  end
  if own then write_leases(KEYS[3], without(live, ARGV[3])) end
  return { 'none', due_ticket(KEYS[3], now, in_flight, ARGV[3]), 'lapsed' }
end

redis.call('HDEL', KEYS[3], 'ticket', 'markedAt', 'addedAt', 'markedBy')
wait_no_more(KEYS[3])
local held = false
for _, lease in ipairs(live) do held = held or lease.revision == newest end
if held or newest <= tonumber(slot[2] or '-1') then return { 'none', '', 'done' } end
live[#live + 1] = { ticket = ARGV[3], thread = ARGV[4], revision = newest, digest = slot[6], til = now + tonumber(ARGV[5]) }
write_leases(KEYS[3], live)
mark_taken()
return reply(due_ticket(KEYS[3], now, in_flight, ARGV[3]))
