-- A cached translation is a string: the version of its format (1), its TTL class (`p`: made for a partial, `f`: for a
-- final, `s`: for either, by another endpoint than the first) and the text. Another version counts as not found.
local ranks = { ['1s'] = 1, ['1p'] = 2, ['1f'] = 3 }

-- @param final_ttl TTL of a final's translation in ms, where a final asks: it extends the life of what a partial left
-- Returns the text and the letter of its class.
local function find_cached(key, final_ttl)
  local value = redis.call('GET', key)
  if not value then return nil end
  local mark, text = string.sub(value, 1, 2), string.sub(value, 3)
  if not ranks[mark] then return nil end
  if final_ttl and mark == '1p' then
    mark = '1f'
    redis.call('SET', key, mark .. text, 'PX', final_ttl)
  end
  return text, string.sub(mark, 2)
end

-- Never replaces an entry of a longer-lived class.
local function store_cached(key, letter, ttl, text)
  local mark = '1' .. letter
  if (ranks[string.sub(redis.call('GET', key) or '', 1, 2)] or 0) > ranks[mark] then return end
  redis.call('SET', key, mark .. text, 'PX', ttl)
end
