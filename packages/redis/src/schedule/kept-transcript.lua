-- Returns what an ended session's transcript counts for its tenant: `BYTES RETENTION_MS TENANT_BYTES`, or '' if there is none, or
-- the session was opened by a process that does not bound those of a tenant.
local function kept_transcript(session_key)
  local session = redis.call('HMGET', session_key, 'transcriptBytes', 'transcriptRetentionMs', 'tenantTranscriptMaxBytes', 'erased')
  if not session[3] or session[4] or tonumber(session[2] or '0') <= 0 then return '' end
  return (session[1] or '0') .. ' ' .. session[2] .. ' ' .. session[3]
end
