import type { ServerMessage, TranslationPartial } from '@parley/protocol';
import { concludedLengthOf, type LogEntry, type PartialResult } from '@parley/redis/log';
import type { TranscriptMetadata } from '@parley/redis/segment';
import { OutgoingMessage } from '../core/outgoing-message.ts';
import { sessionStability } from './session-stability.ts';

/** An item of a session's feed: a log entry, or a partial, which is not logged. */
export type FeedItem =
  | { readonly kind: 'log'; readonly offset: number; readonly entry: LogEntry }
  | { readonly kind: 'partial'; readonly head: number; readonly revision: number; readonly partial: PartialResult };

/** The target of the transcript itself, alongside target languages. */
export const transcriptTarget = '=';

/** The segment and target of an item. */
export interface Subject {
  readonly segmentId: number;
  readonly target: string;
  /** Segment and target combined. */
  readonly key: string;
}

/** One item on its way to any number of sockets; its message is built and timestamped once, on first use. */
export class Delivery extends OutgoingMessage {
  readonly item: FeedItem;
  /** `undefined` for the end of the session. */
  readonly subject: Subject | undefined;
  /** Whether it changes what was delivered as the final of its subject. */
  readonly isCorrection: boolean;
  readonly #onFirst: ((message: ServerMessage) => void) | undefined;
  #message: ServerMessage | undefined;

  /** @param onFirst called with the message when it is built and timestamped */
  constructor(item: FeedItem, onFirst?: (message: ServerMessage) => void) {
    super();
    this.item = item;
    this.subject = subjectOf(item);
    this.isCorrection = item.kind === 'log' && /^corrected/.test(item.entry.type);
    this.#onFirst = onFirst;
  }

  /** Whether its message was built, because a subscriber receives it. */
  get isSent(): boolean {
    return this.#message !== undefined;
  }

  override get message(): ServerMessage {
    if (this.#message === undefined) {
      this.#message = messageOf(this.item, Date.now());
      this.#onFirst?.(this.#message);
    }
    return this.#message;
  }

  override get resumeOffset(): number | undefined {
    return this.item.kind === 'log' ? this.item.offset : undefined;
  }
}

function subjectOf(item: FeedItem): Subject | undefined {
  const result = item.kind === 'log' ? item.entry : item.partial;
  if (result.type === 'ended') return undefined;
  const { segmentId } = result;
  const target = 'targetLanguage' in result ? result.targetLanguage : transcriptTarget;
  return { segmentId, target, key: `${segmentId} ${target}` };
}

function messageOf(item: FeedItem, nowMs: number): ServerMessage {
  return item.kind === 'log'
    ? messageOfEntry(item.entry, item.offset, nowMs)
    : messageOfPartial(item.partial, item.revision, nowMs);
}

function messageOfEntry(entry: LogEntry, offset: number, nowMs: number): ServerMessage {
  switch (entry.type) {
    case 'transcript': {
      const { segmentId, text, language } = entry;
      return { type: 'transcript.final', segmentId, text, language, offset, ...speechFields(entry) };
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
        ...speechFields(entry),
      };
    case 'failed': {
      const { segmentId, targetLanguage, code, message } = entry;
      return { type: 'translation.failed', segmentId, targetLanguage, offset, code, message };
    }
    case 'corrected-transcript': {
      const { segmentId, text, language } = entry;
      return { type: 'transcript.corrected', segmentId, text, language, offset, ...speechFields(entry) };
    }
    case 'corrected': {
      const { segmentId, targetLanguage, text, flags } = entry;
      const flagged = flags === undefined ? {} : { flags };
      const place = { segmentId, targetLanguage, text, offset };
      return { type: 'translation.corrected', ...place, ...flagged, ...speechFields(entry) };
    }
    case 'ended': {
      const { usage, stability } = entry;
      return {
        type: 'session.ended',
        usage,
        ...(stability === undefined ? {} : { stability: sessionStability(stability) }),
      };
    }
  }
}

function messageOfPartial(partial: PartialResult, revision: number, nowMs: number): ServerMessage {
  const { segmentId } = partial;
  if (partial.type === 'partial-transcript') {
    const { text, language } = partial;
    return { type: 'transcript.partial', segmentId, revision, text, language, ...speechFields(partial) };
  }
  const concludedLength = concludedLengthOf(partial);
  return {
    type: 'translation.partial',
    segmentId,
    revision,
    targetLanguage: partial.targetLanguage,
    concluded: partial.text.slice(0, concludedLength),
    tentative: partial.text.slice(concludedLength),
    timing: timing(partial, nowMs),
    ...(partial.flags === undefined ? {} : { flags: partial.flags }),
    ...speechFields(partial),
  } satisfies TranslationPartial;
}

function timing(result: { queueMs: number; engineMs: number; receivedAtMs: number }, nowMs: number) {
  return { queueMs: result.queueMs, engineMs: result.engineMs, totalMs: Math.max(0, nowMs - result.receivedAtMs) };
}

function speechFields({ startMs, endMs, speaker }: TranscriptMetadata) {
  return {
    ...(startMs === undefined ? {} : { startMs }),
    ...(endMs === undefined ? {} : { endMs }),
    ...(speaker === undefined ? {} : { speaker }),
  };
}
