-- Returns the priority of a new job for finals: behind the session's outstanding ones, and for class `bulk` behind all live ones.
local function priority_behind(outstanding, class)
  local bulk_priority, max_priority = 1048576, 1048575
  local priority = math.min(tonumber(outstanding or '0'), max_priority)
  return class == 'bulk' and bulk_priority + priority or priority
end
