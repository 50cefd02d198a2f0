-- Languages requested by listeners. The wanted hash maps `EDGE LANGUAGE` to the end of its lease in ms. The session's
-- field `listenerTargets` is derived from it: the requested languages that are targets of the host or that the host
-- allows for listeners, and `=` if the transcript itself is requested.

-- Renews the leases of languages requested by this edge, and drops those that its listeners gave up. Others keep the rest of
-- their lease: their listeners have lost their sockets and may be reconnecting.
local function request_languages(wanted_key, edge, languages, given_up, lease_end)
  local max_requests = 1000
  for _, language in ipairs(given_up) do redis.call('HDEL', wanted_key, edge .. ' ' .. language) end
  local room = max_requests - redis.call('HLEN', wanted_key)
  for _, language in ipairs(languages) do
    local field = edge .. ' ' .. language
    if room > 0 or redis.call('HEXISTS', wanted_key, field) == 1 then
      room = room - redis.call('HSET', wanted_key, field, lease_end)
    end
  end
end

local function includes(csv, language)
  return string.find(',' .. (csv or '') .. ',', ',' .. language .. ',', 1, true) ~= nil
end

-- Notifies the threads that hold open segments of the session that its settings or requested languages have changed.
local function notify_holders(session_key, channel)
  local session = redis.call('HMGET', session_key, 'targets', 'listenerTargets')
  local targets = (session[1] or '') .. ',' .. (session[2] or '')
  redis.call('SPUBLISH', channel .. ':work', '{"v":1,"type":"settings","targets":"' .. targets .. '"}')
end

-- How many languages listeners may have in addition to those of the host, at a time.
local max_further_targets = 60

-- Updates `listenerTargets`, removes expired requests, and publishes a change. Returns the time at which the next
-- request expires, or nil. `listenerLanguages` contains what the host allows: `list CSV`, or `count N`. Within a count,
-- languages that are translated already take precedence.
local function update_listener_targets(session_key, wanted_key, channel, now)
  local session = redis.call('HMGET', session_key, 'targets', 'sourceLanguage', 'listenerLanguages', 'listenerTargets')
  local wanted, names, next_expiry = {}, {}, nil
  local all = redis.call('HGETALL', wanted_key)
  for index = 1, #all, 2 do
    local lease_end = tonumber(all[index + 1])
    if lease_end <= now then
      redis.call('HDEL', wanted_key, all[index])
    else
      next_expiry = math.min(next_expiry or lease_end, lease_end)
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
  local remaining = tonumber(string.match(session[3] or '', '^count (%d+)$') or '0')
  local targets, further = {}, 0
  if session[2] and wanted[session[2]] then targets[1] = '=' end
  for _, language in ipairs(order) do
    -- Targets of the host are included, since its edge may have missed the request.
    local allowed = includes(session[1], language) or includes(list, language)
    if not allowed and remaining > 0 and language ~= session[2] then allowed, remaining = true, remaining - 1 end
    if allowed and not includes(session[1], language) then further = further + 1 end
    if allowed and further <= max_further_targets then targets[#targets + 1] = language end
  end
  local csv = table.concat(targets, ',')
  if csv ~= before then
    redis.call('HSET', session_key, 'listenerTargets', csv)
    redis.call('SPUBLISH', channel, 'w ' .. csv)
    notify_holders(session_key, channel)
  end
  return next_expiry
end
