-- A kept translation, as a string: the version of its format (1), what it was made for (`p`: a partial, `f`: a final; `s`:
-- either, by another endpoint than the first) and the text. One of another version is none.
local ranks = { ['1s'] = 1, ['1p'] = 2, ['1f'] = 3 }

-- @param final_life how long a final's is kept in ms, where a final asks: what a partial left is a final's from then on
local function kept(key, final_life)
  local value = redis.call('GET', key)
  if not value then return nil end
  local mark, text = string.sub(value, 1, 2), string.sub(value, 3)
  if not ranks[mark] then return nil end
  if final_life and mark == '1p' then redis.call('SET', key, '1f' .. text, 'PX', final_life) end
  return text
end

-- A partial's never replaces a final's, which lives longer, and a stand-in's neither of them.
local function keep(key, letter, life, text)
  local mark = '1' .. letter
  if (ranks[string.sub(redis.call('GET', key) or '', 1, 2)] or 0) > ranks[mark] then return end
  redis.call('SET', key, mark .. text, 'PX', life)
end
