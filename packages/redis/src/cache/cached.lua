-- A cached translation is a string: its format version (1), its TTL class (`p`: made for a partial, `f`: for a final,
-- `s`: for either, by a fallback endpoint) and the text. Other versions count as missing.
local ranks = { ['1s'] = 1, ['1p'] = 2, ['1f'] = 3 }

-- Returns the text and the letter of its class, or nil. final_ttl: the TTL of a final's translation in ms, if a final
-- looks it up; it extends the TTL of an entry made for a partial.
local function find_cached(key, final_ttl)
  local value = redis.call('GET', key)
  if not value then return nil end
  local prefix, text = string.sub(value, 1, 2), string.sub(value, 3)
  if not ranks[prefix] then return nil end
  if final_ttl and prefix == '1p' then
    prefix = '1f'
    redis.call('SET', key, prefix .. text, 'PX', final_ttl)
  end
  return text, string.sub(prefix, 2)
end

-- Stores a translation unless an entry of a longer-lived class exists.
local function store_cached(key, letter, ttl, text)
  local prefix = '1' .. letter
  if (ranks[string.sub(redis.call('GET', key) or '', 1, 2)] or 0) > ranks[prefix] then return end
  redis.call('SET', key, prefix .. text, 'PX', ttl)
end
