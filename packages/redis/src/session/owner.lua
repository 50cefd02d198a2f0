-- Whether the connection of a mark `ID SINCE` owns the session: nil, or why not. 'fenced': a newer connection does;
-- 'forgotten': Redis has lost with its last writes that this one does.
local function not_owner(connection, owned_since, mark)
  local id, since = string.match(mark, '^(%S+) ?(%S*)$')
  if connection == id then return nil end
  if since ~= '' and tonumber(since) > tonumber(owned_since or '0') then return 'forgotten' end
  return 'fenced'
end
