-- Who listens to a session: the audience hash maps each edge to `LISTENERS LEASE_END LANGUAGES`, where the languages are
-- `LANGUAGE=LISTENERS`, separated by commas.

-- Returns the number of listeners on all edges, and the languages of these in the same form. Removes edges whose lease has
-- expired.
local function count_audience(audience_key, now)
  local listeners, counts, order = 0, {}, {}
  local audience = redis.call('HGETALL', audience_key)
  for index = 1, #audience, 2 do
    local present, lease_end, languages = string.match(audience[index + 1], '^(%d+) (%d+) ?(%S*)$')
    if tonumber(lease_end or '0') <= now then
      redis.call('HDEL', audience_key, audience[index])
    else
      listeners = listeners + tonumber(present)
      for language, count in string.gmatch(languages, '([^,=]+)=(%d+)') do
        if not counts[language] then order[#order + 1] = language end
        counts[language] = (counts[language] or 0) + tonumber(count)
      end
    end
  end
  for index, language in ipairs(order) do order[index] = language .. '=' .. string.format('%.0f', counts[language]) end
  return string.format('%.0f', listeners), table.concat(order, ',')
end

-- Sets the listeners of an edge, and renews their lease. Returns whether they have changed.
local function set_audience(audience_key, edge, listeners, languages, lease_end)
  local before, was_until, before_languages = string.match(redis.call('HGET', audience_key, edge) or '', '^(%d+) (%d+) ?(%S*)$')
  if listeners == '0' then
    redis.call('HDEL', audience_key, edge)
  else
    redis.call('HSET', audience_key, edge, listeners .. ' ' .. lease_end .. ' ' .. languages)
  end
  return (before or '0') ~= listeners or (before_languages or '') ~= languages
end
