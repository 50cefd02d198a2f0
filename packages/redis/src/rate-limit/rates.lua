-- Recent usage per millisecond, as exponential averages with this time constant.
local rate_memory_ms = 10000
local rate_fields = { 'usedRequests', 'usedTokens', 'earlyRequests', 'earlyTokens' }

local function read_rates(key, now)
  local fields = redis.call('HMGET', key, 'ratedAt', unpack(rate_fields))
  local kept = math.exp(-math.max(0, now - tonumber(fields[1] or '0')) / rate_memory_ms)
  local rates = {}
  for index, name in ipairs(rate_fields) do rates[name] = tonumber(fields[index + 1] or '0') * kept end
  return rates
end

-- early: how early a final was, as a fraction (0 to 1) of its session's interval
local function add_to_rates(key, rates, now, early, tokens)
  rates.usedRequests = rates.usedRequests + 1 / rate_memory_ms
  rates.usedTokens = rates.usedTokens + tokens / rate_memory_ms
  rates.earlyRequests = rates.earlyRequests + early / rate_memory_ms
  rates.earlyTokens = rates.earlyTokens + early * tokens / rate_memory_ms
  local fields = { 'ratedAt', string.format('%.3f', now) }
  for _, name in ipairs(rate_fields) do
    fields[#fields + 1] = name
    fields[#fields + 1] = string.format('%.9f', rates[name])
  end
  redis.call('HSET', key, unpack(fields))
end
