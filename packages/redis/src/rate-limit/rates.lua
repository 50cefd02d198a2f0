-- What was taken lately, a millisecond: an average that forgets with this time constant.
local rate_memory_ms = 10000
local rate_fields = { 'usedRequests', 'usedTokens', 'earlyRequests', 'earlyTokens' }

local function read_rates(key, now)
  local fields = redis.call('HMGET', key, 'ratedAt', unpack(rate_fields))
  local kept = math.exp(-math.max(0, now - tonumber(fields[1] or '0')) / rate_memory_ms)
  local rates = {}
  for index, name in ipairs(rate_fields) do rates[name] = tonumber(fields[index + 1] or '0') * kept end
  return rates
end

-- early: how much of a turn, from 0 to 1, a final came before its session's
local function add_to_rates(key, rates, now, early, tokens)
  rates.usedRequests = rates.usedRequests + 1 / rate_memory_ms
  rates.usedTokens = rates.usedTokens + tokens / rate_memory_ms
  rates.earlyRequests = rates.earlyRequests + early / rate_memory_ms
  rates.earlyTokens = rates.earlyTokens + early * tokens / rate_memory_ms
  local words = { 'ratedAt', string.format('%.3f', now) }
  for _, name in ipairs(rate_fields) do
    words[#words + 1] = name
    words[#words + 1] = string.format('%.9f', rates[name])
  end
  redis.call('HSET', key, unpack(words))
end
