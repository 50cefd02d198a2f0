-- The clock of Redis in milliseconds since 1970, the only one that all edges and workers share.
local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- Returns a number above `last` that is derived from the clock, so it keeps growing if a promoted replica lacks the
-- last writes. Lua prints only 14 significant digits of a number, so it is formatted here.
local function next_number(last, now)
  return string.format('%.0f', math.max((tonumber(last) or 0) + 1, now * 1000))
end
