import { isOwnLanguage } from '@parley/protocol';
import { transcript, type ListenerHistory } from './listener-history.ts';
import type { SpokenFinal, SpokenSession } from './spoken-session.ts';
import type { Violation } from './violation.ts';

/** The accepted finals that were due to a listener and never came. */
export function findLost(history: ListenerHistory, spoken: SpokenSession): Violation[] {
  const lost: Violation[] = [];
  for (const [segmentId, { final }] of spoken.segments) {
    if (final === undefined) continue;
    for (const targetLanguage of history.languages) {
      const key = targetLanguage === spoken.sourceLanguage ? transcript : targetLanguage;
      if (isTranscriptInstead(history, final.language, targetLanguage, spoken)) continue;
      if (history.isResolved(segmentId, key) || !isDue(history, final, key)) continue;
      lost.push({ code: 'final-lost', segmentId, targetLanguage });
    }
  }
  return lost;
}

/** Who gets the transcript gets no copy of it for a target that is the speaker's own language, such as `en` of `en-US`. */
function isTranscriptInstead(
  { languages }: ListenerHistory,
  segmentLanguage: string,
  target: string,
  { sourceLanguage }: SpokenSession,
): boolean {
  if (target === sourceLanguage || !languages.has(sourceLanguage)) return false;
  return isOwnLanguage(sourceLanguage, target) && isOwnLanguage(segmentLanguage, target);
}

function isDue(history: ListenerHistory, final: SpokenFinal, key: string): boolean {
  const { first, stays, unrecoveredMs } = history;
  const { atMs, acceptedAtMs } = final;
  if (first === undefined || acceptedAtMs === undefined || atMs <= unrecoveredMs) return false;
  if (key !== transcript && !final.targets.has(key)) {
    return history.isEnded && stays.some(({ fromMs, untilMs }) => atMs >= fromMs && acceptedAtMs <= untilMs);
  }
  const known = Math.min(...(final.resolvedAt.get(key) ?? []));
  const isAfterJoining =
    atMs >= first.atMs || first.askedOffset === 0 || (known !== Infinity && known > (first.askedOffset ?? first.head));
  return isAfterJoining && (history.isEnded || isBefore(final, key, history.lastOffset));
}

/**
 * Whether the entry of the log is at or before this offset; a transcript comes before its first translation. What was
 * sent again may have lost its first place in the log.
 */
function isBefore({ resolvedAt, repeats }: SpokenFinal, key: string, offset: number): boolean {
  const offsets = key === transcript ? [...resolvedAt.values()].flat() : (resolvedAt.get(key) ?? []);
  if (offsets.length === 0) return false;
  return (repeats > 0 ? Math.max(...offsets) : Math.min(...offsets)) <= offset;
}
