-- Shows a partial to targets that are its own language: no worker is needed, so it counts as taken and shown at once.
-- KEYS: 1 session, 2 segments, 3 channel, 4.. one slot a target
-- ARGV: 1 connection, 2 segment, 3 revision, 4 open segments allowed, 5 life of an idle slot in ms,
--       6 what the names of the session's slots begin with, 7 what listeners want, as the edge has heard,
--       8 '1' where the text is blank, 9.. pairs of target and body (JSON)
-- Returns { 'put', then what was evicted, see admit.lua } or { 'gone' | 'fenced' | 'forgotten' | 'ending' | 'settled' | 'too-old' | 'stale' }
--      or { 'listeners', what they really want }: nothing was shown.
-- include ../redis/clock.lua
-- include lease.lua
-- include admit.lua
local targets = {}
for index = 9, #ARGV, 2 do targets[#targets + 1] = ARGV[index] end
local now = now_ms()
local refused, more = admit(KEYS[1], KEYS[2], ARGV[1], ARGV[2], targets, tonumber(ARGV[4]), ARGV[6], ARGV[7], now)
if refused then return { refused, more } end

local revision = tonumber(ARGV[3])
local status = 'stale'
for index = 4, #KEYS do
  local shown = tonumber(redis.call('HGET', KEYS[index], 'shown') or '-1')
  if revision >= shown then status = 'put' end
  if revision > shown then
    local body = ARGV[10 + (index - 4) * 2]
    redis.call('HSET', KEYS[index], 'revision', ARGV[3], 'taken', ARGV[3], 'shown', ARGV[3], 'message', body)
    redis.call('PEXPIRE', KEYS[index], ARGV[5])
    redis.call('SPUBLISH', KEYS[3], 'p ' .. redis.call('HGET', KEYS[1], 'head') .. ' ' .. ARGV[3] .. ' ' .. body)
  end
end
if status == 'stale' then return { status } end
note_open(ARGV[6], ARGV[2], now, ARGV[8] == '1')
return { status, unpack(more) }
