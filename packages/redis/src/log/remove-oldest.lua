-- Removes entries from the beginning of a stream, at most `count`, up to the first one that `is_kept(freed, number)` accepts.
-- Its newest entry always stays. Returns the bytes freed, and the number of the last entry removed or nil.
local function remove_oldest(stream_key, newest, count, is_kept)
  local freed, removed = 0, nil
  for _, entry in ipairs(redis.call('XRANGE', stream_key, '-', '+', 'COUNT', count)) do
    local number = string.match(entry[1], '^(%d+)')
    if number == newest or is_kept(freed, tonumber(number)) then break end
    redis.call('XDEL', stream_key, entry[1])
    freed = freed + #entry[2][2]
    removed = number
  end
  return freed, removed
end
