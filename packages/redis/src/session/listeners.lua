-- Languages that listeners want. The wanted hash holds `EDGE LANGUAGE` = until when, in ms; the session's field
-- `listenerTargets` what follows from it: languages that the host takes itself or allows them besides, and `=` where somebody
-- wants the transcript itself.

-- Makes `languages` all that this edge wants.
local function want(wanted_key, edge, languages, til)
  local listed = {}
  for _, language in ipairs(languages) do
    listed[language] = true
    redis.call('HSET', wanted_key, edge .. ' ' .. language, til)
  end
  local all = redis.call('HKEYS', wanted_key)
  for _, field in ipairs(all) do
    local of, language = string.match(field, '^(%S+) (%S+)$')
    if of == edge and not listed[language] then redis.call('HDEL', wanted_key, field) end
  end
end

local function includes(csv, language)
  return string.find(',' .. (csv or '') .. ',', ',' .. language .. ',', 1, true) ~= nil
end

-- Tells whoever holds open segments of the session that its settings, or the languages that are wanted, have changed.
local function tell_holders(session_key, channel)
  local session = redis.call('HMGET', session_key, 'targets', 'listenerTargets')
  local targets = (session[1] or '') .. ',' .. (session[2] or '')
  redis.call('SPUBLISH', channel .. ':work', '{"v":1,"type":"settings","targets":"' .. targets .. '"}')
end

-- Notes which languages are wanted now, drops what has lapsed, and tells the channel where it has changed. Gives the time
-- at which the next one lapses, or nil.
-- What the host allows stands in `listenerLanguages`: `list CSV`, or `count N`. Of a count, those come first that are
-- translated already.
local function listeners_targets(session_key, wanted_key, channel, now)
  local session = redis.call('HMGET', session_key, 'targets', 'sourceLanguage', 'listenerLanguages', 'listenerTargets')
  local wanted, names, soonest = {}, {}, nil
  local all = redis.call('HGETALL', wanted_key)
  for index = 1, #all, 2 do
    local til = tonumber(all[index + 1])
    if til <= now then
      redis.call('HDEL', wanted_key, all[index])
    else
      soonest = math.min(soonest or til, til)
      local language = string.match(all[index], '^%S+ (%S+)$')
      if not wanted[language] then names[#names + 1] = language end
      wanted[language] = true
    end
  end
  table.sort(names)
  local before = session[4] or ''
  local order = {}
  for language in string.gmatch(before, '[^,]+') do
    if wanted[language] then order[#order + 1] = language end
  end
  for _, language in ipairs(names) do
    if not includes(before, language) then order[#order + 1] = language end
  end
  local list = string.match(session[3] or '', '^list (.*)$')
  local room = tonumber(string.match(session[3] or '', '^count (%d+)$') or '0')
  local targets = {}
  if session[2] and wanted[session[2]] then targets[1] = '=' end
  for _, language in ipairs(order) do
    -- Also what the host takes: its edge may have missed that it does.
    local allowed = includes(session[1], language) or includes(list, language)
    if not allowed and room > 0 and language ~= session[2] then allowed, room = true, room - 1 end
    if allowed then targets[#targets + 1] = language end
  end
  local csv = table.concat(targets, ',')
  if csv ~= before then
    redis.call('HSET', session_key, 'listenerTargets', csv)
    redis.call('SPUBLISH', channel, 'w ' .. csv)
    tell_holders(session_key, channel)
  end
  return soonest
end
