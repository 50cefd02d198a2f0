import type { ServerMessage, TranslationPartial } from '@parley/protocol';
import type { NumberedLogEntry, PartialResult, Spoken } from '@parley/state';

/** What the speaker is sent for an entry of the log; `undefined`: nothing (the transcript is the speaker's own). */
export function messageOfEntry({ offset, entry }: NumberedLogEntry, nowMs: number): ServerMessage | undefined {
  switch (entry.type) {
    case 'transcript':
      return undefined;
    case 'translation':
      return {
        type: 'translation.final',
        segmentId: entry.segmentId,
        targetLanguage: entry.targetLanguage,
        text: entry.text,
        offset,
        cached: entry.cached,
        timing: timing(entry, nowMs),
        ...(entry.flags === undefined ? {} : { flags: entry.flags }),
        ...whenAndWho(entry),
      };
    case 'failed': {
      const { segmentId, targetLanguage, code, message } = entry;
      return { type: 'translation.failed', segmentId, targetLanguage, offset, code, message };
    }
    case 'ended':
      return { type: 'session.ended', usage: entry.usage };
  }
}

/** A partial's translation. As long as nothing stabilises it, all of its text is tentative. */
export function messageOfPartial(partial: PartialResult, revision: number, nowMs: number): TranslationPartial {
  return {
    type: 'translation.partial',
    segmentId: partial.segmentId,
    revision,
    targetLanguage: partial.targetLanguage,
    concluded: '',
    tentative: partial.text,
    timing: timing(partial, nowMs),
    ...(partial.flags === undefined ? {} : { flags: partial.flags }),
    ...whenAndWho(partial),
  };
}

function timing(result: { queueMs: number; engineMs: number; receivedAtMs: number }, nowMs: number) {
  return { queueMs: result.queueMs, engineMs: result.engineMs, totalMs: Math.max(0, nowMs - result.receivedAtMs) };
}

function whenAndWho({ startMs, endMs, speaker }: Spoken) {
  return {
    ...(startMs === undefined ? {} : { startMs }),
    ...(endMs === undefined ? {} : { endMs }),
    ...(speaker === undefined ? {} : { speaker }),
  };
}
