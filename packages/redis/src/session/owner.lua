-- Checks a fencing token `ID SINCE` of a connection: nil if it owns the session, 'fenced' if a newer connection does,
-- 'owner-lost' if Redis has lost with its last writes that this one does.
local function not_owner(connection, owned_since, token)
  local id, since = string.match(token, '^(%S+) ?(%S*)$')
  if connection == id then return nil end
  if since ~= '' and tonumber(since) > tonumber(owned_since or '0') then return 'owner-lost' end
  return 'fenced'
end
