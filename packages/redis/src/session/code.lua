-- Returns the hash of the code by which listeners can join a session, '' if they can't, and the hash of its code even while it
-- is closed. A process of an earlier version stores only the former.
local function join_code(session_key)
  local session = redis.call('HMGET', session_key, 'joinCode', 'currentJoinCode')
  return session[1] or '', session[2] or session[1] or ''
end

-- Edges are asked to look at the code, which the notice doesn't contain: notices may be late.
local function set_join_code(session_key, channel, code, hash, is_open)
  redis.call('HSET', session_key, 'joinCode', is_open and hash or '', 'currentJoinCode', hash, 'joinCodeText', code)
  redis.call('SPUBLISH', channel, 'c changed')
end
