import {
  createHistoryChecker,
  sourceOfMarked,
  type HistoryChecker,
  type HistoryCheckerOptions,
  type HistoryReport,
} from '../src/index.ts';
import type { ClientMessageInput, ServerMessage } from '@parley/protocol';

/** One entry of a history: a message in either direction, or a connection event. */
export type Entry =
  | { readonly sent: ClientMessageInput }
  | { readonly received: ServerMessage }
  | { readonly socket: 'connected' | 'disconnected' };

/** Runs a checker over a history, with one entry every 10 ms. */
export function check(history: readonly Entry[], options: HistoryCheckerOptions = {}): HistoryReport {
  return replay(history, options).finish();
}

export function replay(history: readonly Entry[], options: HistoryCheckerOptions = {}): HistoryChecker {
  const checker = createHistoryChecker(options);
  for (const [index, entry] of history.entries()) {
    if ('socket' in entry) checker[entry.socket]();
    else if ('sent' in entry) checker.sent(entry.sent, index * 10);
    else checker.received(entry.received, index * 10);
  }
  return checker;
}

export function codesOf(history: readonly Entry[], options: HistoryCheckerOptions = {}): string[] {
  return check(history, options).violations.map(({ code }) => code);
}

const timing = { queueMs: 1, engineMs: 20, totalMs: 25 };

export const start = (targetLanguages = ['es'], ordered = true): Entry[] => [
  { sent: { type: 'session.start', id: 'start', sourceLanguage: 'en', targetLanguages, ordered } },
  {
    received: {
      type: 'session.started',
      sessionId: 's',
      joinCode: 'j',
      resumeToken: 'r',
      offset: 1000,
      limits: { maxFrameBytes: 1, maxTextChars: 1, maxTargetLanguages: 1 },
    },
  },
];

export const sentPartial = (segmentId: number, revision: number, text = `said ${segmentId}.${revision}`): Entry => ({
  sent: { type: 'transcript.partial', segmentId, revision, text },
});

export const sentFinal = (segmentId: number, text = `said ${segmentId}`, id = `final-${segmentId}`): Entry => ({
  sent: { type: 'transcript.final', id, segmentId, text },
});

export const accepted = (segmentId: number): Entry => ({ received: { type: 'transcript.accepted', segmentId } });

export const shown = (
  segmentId: number,
  revision: number,
  targetLanguage = 'es',
  text = `[${targetLanguage}] said ${segmentId}.${revision}`,
  concludedLength = 0,
): Entry => ({
  received: {
    type: 'translation.partial',
    segmentId,
    revision,
    targetLanguage,
    concluded: text.slice(0, concludedLength),
    tentative: text.slice(concludedLength),
    timing,
  },
});

export const translated = (
  segmentId: number,
  offset: number,
  targetLanguage = 'es',
  text = `[${targetLanguage}] said ${segmentId}`,
): Entry => ({
  received: { type: 'translation.final', segmentId, targetLanguage, text, offset, cached: false, timing },
});

export const failed = (segmentId: number, offset: number, targetLanguage = 'es'): Entry => ({
  received: { type: 'translation.failed', segmentId, targetLanguage, offset, code: 'engine-timeout', message: '' },
});

export const refused = (causedBy: string): Entry => ({
  received: { type: 'error', code: 'temporarily-unavailable', message: '', causedBy, retryable: true },
});

export const end: Entry[] = [
  { sent: { type: 'session.end' } },
  { received: { type: 'session.ended', usage: { segments: 0, translations: 0, cached: 0, tokens: 0 } } },
];

export const resync: Entry = { received: { type: 'session.resync' } };

export const sentResume = (offset: number, held: number[] = []): Entry => ({
  sent: { type: 'session.resume', id: 'resume', sessionId: 's', resumeToken: 'r', offset, held },
});

export const resumed = (accepted: number[] = [], missing: number[] = [], recovered = true): Entry => ({
  received: { type: 'session.resumed', sessionId: 's', offset: 9999, recovered, accepted, missing, resumeToken: 'r2' },
});

/** A lost connection, followed by one that resumes from an offset. */
export const reconnect = (
  offset: number,
  accepted: number[] = [],
  missing: number[] = [],
  recovered = true,
): Entry[] => [
  { socket: 'disconnected' },
  { socket: 'connected' },
  sentResume(offset, [...accepted, ...missing]),
  resumed(accepted, missing, recovered),
];

export const sourcePartial = (segmentId: number, revision: number, text = `said ${segmentId}.${revision}`): Entry => ({
  received: { type: 'transcript.partial', segmentId, revision, text, language: 'en' },
});

export const sourceFinal = (segmentId: number, offset: number, text = `said ${segmentId}`): Entry => ({
  received: { type: 'transcript.final', segmentId, text, language: 'en', offset },
});

export const corrected = (segmentId: number, offset: number, text: string, targetLanguage = 'es'): Entry => ({
  received: { type: 'translation.corrected', segmentId, targetLanguage, text, offset },
});

export const sourceCorrected = (segmentId: number, offset: number, text: string): Entry => ({
  received: { type: 'transcript.corrected', segmentId, text, language: 'en', offset },
});

/** Checker options for the local engine's marked translations. */
export const markedOptions = { sourceOf: sourceOfMarked, exactPartials: true, isLossless: false };

/** A segment with partials, a displayed partial, an accepted final and its translation. */
export const completeSegment = (segmentId: number, offset: number): Entry[] => [
  sentPartial(segmentId, 1),
  sentPartial(segmentId, 2),
  shown(segmentId, 2),
  sentFinal(segmentId),
  accepted(segmentId),
  translated(segmentId, offset),
];
