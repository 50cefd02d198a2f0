-- Removes entries from the beginning of a stream, at most `max_count`, up to the first one that `is_kept(freed, number)` accepts.
-- Its newest entry always stays. Reads in small pages, because most calls remove little. Returns the bytes freed, and the number
-- of the last entry removed or nil.
local function remove_oldest(stream_key, newest, max_count, is_kept)
  local page_size = 32
  local freed, removed, count, start = 0, nil, 0, '-'
  local has_more = true
  while has_more and count < max_count do
    local page = redis.call('XRANGE', stream_key, start, '+', 'COUNT', page_size)
    has_more = #page == page_size
    for _, entry in ipairs(page) do
      local number = string.match(entry[1], '^(%d+)')
      if number == newest or is_kept(freed, tonumber(number)) then
        has_more = false
        break
      end
      freed = freed + #entry[2][2]
      removed, count, start = number, count + 1, '(' .. entry[1]
    end
  end
  if removed then redis.call('XTRIM', stream_key, 'MINID', string.format('%.0f', tonumber(removed) + 1)) end
  return freed, removed
end

-- Like `remove_oldest`, for a stream with too many bytes. Frees a part of `max_bytes` more than necessary, so that a full stream
-- is not trimmed at every append. What one call does not remove, the next one does: fewer entries are appended at a time.
local function remove_excess(stream_key, newest, bytes, max_bytes)
  local enough = bytes - max_bytes + max_bytes / 64
  return remove_oldest(stream_key, newest, 128, function(freed) return freed >= enough end)
end
