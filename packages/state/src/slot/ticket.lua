-- include waiting.lua
-- Says whether a ticket of this slot must be added to the lane, and gives `NUMBER PLACE`, or ''. PLACE counts the
-- session's tickets that have been waiting longer.
-- `asker` names the call that asks: made twice, it gets the same answer. `put_revision`: what is being put, where a put
-- asks; `max_waiting`: with so many tickets waiting, the session gets no further one by a put. The newest partials are put again.
-- A mark older than 1 s is added again under its own number: whoever should have added it may be dead. Past 5 s the
-- job is taken for lost and the next number is given.
local function due_ticket(slot_key, now, in_flight, asker, put_revision, max_waiting)
  local slot = redis.call('HMGET', slot_key, 'revision', 'taken', 'shown', 'ticket', 'markedAt', 'addedAt', 'markedBy', 'lastTicket', 'leases')
  if not slot[1] then return '' end
  local newest = tonumber(slot[1])
  if slot[4] then
    if slot[7] == asker then return placed(slot_key, slot[4]) end
    if now - tonumber(slot[5]) <= 5000 then
      if now - tonumber(slot[6]) <= 1000 then return '' end
      redis.call('HSET', slot_key, 'addedAt', string.format('%.0f', now))
      return placed(slot_key, slot[4])
    end
  else
    local live = live_leases(read_leases(slot[9]), now)
    if #live >= in_flight then return '' end
    if newest <= tonumber(slot[2] or '-1') then
      if put_revision ~= newest or newest <= tonumber(slot[3] or '-1') then return '' end
      for _, lease in ipairs(live) do
        if lease.revision == newest then return '' end
      end
    end
  end
  if max_waiting and waiting_tickets(slot_key, now) >= max_waiting then return '' end
  local ticket = next_number(slot[8], now)
  local at = string.format('%.0f', now)
  redis.call('HSET', slot_key, 'ticket', ticket, 'lastTicket', ticket, 'markedAt', at, 'addedAt', at, 'markedBy', asker)
  wait_from(slot_key, now)
  return placed(slot_key, ticket)
end
