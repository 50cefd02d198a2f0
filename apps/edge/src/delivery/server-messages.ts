import type { ServerMessage, TranslationPartial } from '@parley/protocol';
import type { LogEntry, PartialResult, Spoken } from '@parley/state';
import type { FeedItem } from './feed-item.ts';

/** What is sent for an item of a session's feed. */
export function messageOf(item: FeedItem, nowMs: number): ServerMessage {
  return item.kind === 'log'
    ? messageOfEntry(item.entry, item.offset, nowMs)
    : messageOfPartial(item.partial, item.revision, nowMs);
}

function messageOfEntry(entry: LogEntry, offset: number, nowMs: number): ServerMessage {
  switch (entry.type) {
    case 'transcript': {
      const { segmentId, text, language } = entry;
      return { type: 'transcript.final', segmentId, text, language, offset, ...whenAndWho(entry) };
    }
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

/** As long as nothing stabilises a partial's translation, all of its text is tentative. */
function messageOfPartial(partial: PartialResult, revision: number, nowMs: number): ServerMessage {
  const { segmentId } = partial;
  if (partial.type === 'partial-transcript') {
    const { text, language } = partial;
    return { type: 'transcript.partial', segmentId, revision, text, language, ...whenAndWho(partial) };
  }
  return {
    type: 'translation.partial',
    segmentId,
    revision,
    targetLanguage: partial.targetLanguage,
    concluded: '',
    tentative: partial.text,
    timing: timing(partial, nowMs),
    ...(partial.flags === undefined ? {} : { flags: partial.flags }),
    ...whenAndWho(partial),
  } satisfies TranslationPartial;
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
