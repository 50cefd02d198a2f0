-- The translations of a corrected text, in the pending hash:
--   cSEGMENT             what a worker needs to translate the newest corrected text of the segment (JSON)
--   left cSEGMENT        number of its outstanding targets
--   cost cSEGMENT        bytes that each of these counts
--   out cSEGMENT TARGET  an outstanding target: `JOB PRIORITY VERSION 0`; a newer correction sets another version
--   body cSEGMENT TARGET the corrected entry, if it needs no engine and only waits for the final of its target

-- Returns the targets of a settled segment with their sequence numbers, and the offset of its transcript.
local function parse_entry(entry)
  local sequences = {}
  for target, sequence in string.gmatch(entry or '', '(%S+):(%d+)') do sequences[target] = sequence end
  return sequences, string.match(entry or '', '^%d+')
end

-- Whether the final of a target is in the log; no correction of it may precede it.
local function is_final_logged(pending_key, segment, target, sequence)
  if redis.call('HEXISTS', pending_key, 'out ' .. segment .. ' ' .. target) == 1 then return false end
  local buffered = sequence and redis.call('HGET', pending_key, 'held ' .. target .. ' ' .. sequence)
  return not buffered or buffered == ''
end
