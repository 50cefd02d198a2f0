-- Adds the calls that are at the engine for one slot to a list, as `SEGMENT, TARGET, THREAD, DIGEST` each.
local function add_calls(calls, slot_key, segment, target, now)
  for _, lease in ipairs(live_leases(read_leases(redis.call('HGET', slot_key, 'leases')), now)) do
    for _, word in ipairs({ segment, target, lease.thread, lease.digest }) do calls[#calls + 1] = word end
  end
end
