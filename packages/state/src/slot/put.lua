-- Puts a partial into the slots of its targets: the newest revision replaces what waits there.
-- KEYS: 1 session, 2 segments, 3.. one slot a target
-- ARGV: 1 connection, 2 segment, 3 revision, 4 open segments allowed, 5 life of an idle slot in ms,
--       6 what the names of the session's slots begin with, 7 what listeners want, as the edge has heard, 8 text,
--       9 digest of text and source language, 10 meta (JSON, handed on), 11 calls in flight allowed a slot, 12.. targets
-- Returns { status, then for each target: ticket to add (`NUMBER PLACE`) or '', superseded }
--   status: 'put', or without more 'gone', 'fenced', 'forgotten', 'ending', 'settled', 'too-old', 'too-many-open', 'stale',
--   or 'listeners' with what listeners really want: nothing was put
--   superseded: '1' where the text replaced one that no worker had begun, '0' otherwise
-- include ../redis/clock.lua
-- include lease.lua
-- include ticket.lua
-- include admit.lua
local refused, why = admit(KEYS[1], KEYS[2], ARGV[1], ARGV[2], { unpack(ARGV, 12) }, tonumber(ARGV[4]), ARGV[6], ARGV[7])
if refused then return { refused, why } end

local revision, now = tonumber(ARGV[3]), now_ms()
local reply, fresh = { 'put' }, false
for index = 3, #KEYS do
  local slot = redis.call('HMGET', KEYS[index], 'revision', 'taken')
  local newest, taken = tonumber(slot[1] or '-1'), tonumber(slot[2] or '-1')
  local ticket, superseded = '', '0'
  if revision >= newest then
    fresh = true
    if revision > newest then
      if newest > taken then superseded = '1' end
      redis.call('HSET', KEYS[index], 'revision', ARGV[3], 'text', ARGV[8], 'digest', ARGV[9], 'meta', ARGV[10])
      redis.call('PEXPIRE', KEYS[index], ARGV[5])
    end
    ticket = due_ticket(KEYS[index], now, tonumber(ARGV[11]), 'r' .. ARGV[3], revision)
  end
  reply[#reply + 1] = ticket
  reply[#reply + 1] = superseded
end
if not fresh then return { 'stale' } end
return reply
