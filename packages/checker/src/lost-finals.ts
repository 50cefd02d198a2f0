import { isOwnLanguage } from '@parley/protocol';
import { transcript, type ListenerHistory } from './listener-history.ts';
import type { HostFinal, HostSession } from './host-session.ts';
import type { Violation } from './violation.ts';

/** Finds the accepted finals that were due to a listener but never arrived. */
export function findLostFinals(history: ListenerHistory, host: HostSession): Violation[] {
  const lost: Violation[] = [];
  for (const [segmentId, { final }] of host.segments) {
    if (final === undefined) continue;
    for (const targetLanguage of history.languages) {
      const key = targetLanguage === host.sourceLanguage ? transcript : targetLanguage;
      if (isTranscriptInstead(history, final.language, targetLanguage, host)) continue;
      if (history.isResolved(segmentId, key) || !isDue(history, final, key)) continue;
      lost.push({ code: 'final-lost', segmentId, targetLanguage });
    }
  }
  return lost;
}

/**
 * A listener that receives the transcript gets no copy for a target that is the speaker's own language, such as `en`
 * for `en-US`.
 */
function isTranscriptInstead(
  { languages }: ListenerHistory,
  segmentLanguage: string,
  target: string,
  { sourceLanguage }: HostSession,
): boolean {
  if (target === sourceLanguage || !languages.has(sourceLanguage)) return false;
  return isOwnLanguage(sourceLanguage, target) && isOwnLanguage(segmentLanguage, target);
}

function isDue(history: ListenerHistory, final: HostFinal, key: string): boolean {
  const { firstJoin, connections, unrecoveredUntilMs } = history;
  const { atMs, acceptedAtMs } = final;
  if (firstJoin === undefined || acceptedAtMs === undefined || atMs <= unrecoveredUntilMs) return false;
  if (key !== transcript && !final.targets.has(key)) {
    return history.isEnded && connections.some(({ fromMs, untilMs }) => atMs >= fromMs && acceptedAtMs <= untilMs);
  }
  const known = Math.min(...(final.resolvedAt.get(key) ?? []));
  const isAfterJoining =
    atMs >= firstJoin.atMs ||
    firstJoin.askedOffset === 0 ||
    (known !== Infinity && known > (firstJoin.askedOffset ?? firstJoin.head));
  return isAfterJoining && (history.isEnded || isBefore(final, key, history.lastOffset));
}

/**
 * Whether the log entry is at or before this offset; a transcript precedes its first translation. A final that was
 * sent again may have lost its first place in the log.
 */
function isBefore({ resolvedAt, repeats }: HostFinal, key: string, offset: number): boolean {
  const offsets = key === transcript ? [...resolvedAt.values()].flat() : (resolvedAt.get(key) ?? []);
  if (offsets.length === 0) return false;
  return (repeats > 0 ? Math.max(...offsets) : Math.min(...offsets)) <= offset;
}
