-- Puts a partial into the slots of its targets: the newest revision replaces what waits there.
-- KEYS: 1 session, 2 segments, 3.. one slot a target
-- ARGV: 1 connection, 2 segment, 3 revision, 4 open segments allowed, 5 life of an idle slot in ms,
--       6 what the names of the session's slots begin with, 7 what listeners want, as the edge has heard, 8 '1' where the
--       text is blank, 9 text, 10 digest of text and source language, 11 meta (JSON, handed on), 12 calls in flight allowed
--       a slot, 13.. targets
-- Returns { status, then for each target: ticket to add (`NUMBER PLACE`) or '', superseded; then what was evicted, see admit.lua }
--   status: 'put', or without more 'gone', 'fenced', 'forgotten', 'ending', 'settled', 'too-old', 'stale',
--   or 'listeners' with what listeners really want: nothing was put
--   superseded: '1' where the text replaced one that no worker had begun, '0' otherwise
-- include ../redis/clock.lua
-- include lease.lua
-- include ticket.lua
-- include admit.lua
local spare_tickets = 32
local now, targets = now_ms(), { unpack(ARGV, 13) }
local refused, more = admit(KEYS[1], KEYS[2], ARGV[1], ARGV[2], targets, tonumber(ARGV[4]), ARGV[6], ARGV[7], now)
if refused then return { refused, more } end

local revision = tonumber(ARGV[3])
-- Tickets of evicted segments still stand in the lane: it must not grow with the segments that are opened.
local max_waiting = (tonumber(ARGV[4]) + spare_tickets) * #targets
local reply, fresh = { 'put' }, false
for index = 3, #KEYS do
  local slot = redis.call('HMGET', KEYS[index], 'revision', 'taken')
  local newest, taken = tonumber(slot[1] or '-1'), tonumber(slot[2] or '-1')
  local ticket, superseded = '', '0'
  if revision >= newest then
    fresh = true
    if revision > newest then
      if newest > taken then superseded = '1' end
      redis.call('HSET', KEYS[index], 'revision', ARGV[3], 'text', ARGV[9], 'digest', ARGV[10], 'meta', ARGV[11])
      redis.call('PEXPIRE', KEYS[index], ARGV[5])
    end
    ticket = due_ticket(KEYS[index], now, tonumber(ARGV[12]), 'r' .. ARGV[3], revision, max_waiting)
  end
  reply[#reply + 1] = ticket
  reply[#reply + 1] = superseded
end
if not fresh then return { 'stale' } end
note_open(ARGV[6], ARGV[2], now, ARGV[8] == '1')
for _, word in ipairs(more) do reply[#reply + 1] = word end
return reply
