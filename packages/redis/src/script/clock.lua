-- Redis's own clock in milliseconds since 1970: the only clock that all edges and workers share.
local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- A number made from the clock that is above `last`. It goes on growing where a promoted replica lacks the last
-- writes. Lua prints only 14 digits of a number by itself, so it is formatted here.
local function next_number(last, now)
  return string.format('%.0f', math.max((tonumber(last) or 0) + 1, now * 1000))
end
