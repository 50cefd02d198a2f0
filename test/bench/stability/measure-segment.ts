import {
  emptyTally,
  erasedUnits,
  lengthAdaptiveLagMs,
  tallyFinal,
  unchangedSince,
  unitsBehind,
  type StabilityCounts,
} from '@parley/translation';
import type { SegmentEvent } from './play-talk.ts';

export interface MeasuredSegment {
  readonly counts: StabilityCounts;
  /** From the first revision until something was shown. */
  readonly firstWordMs: number | undefined;
  /** See `lengthAdaptiveLagMs`. */
  readonly lagMs: number | undefined;
}

/**
 * Measures what a reader saw of a segment. How far the screen was behind a revision counts when the next one is sent.
 *
 * @param translate returns the translation of a revision
 */
export async function measureSegment(
  events: readonly SegmentEvent[],
  target: string,
  translate: (text: string) => Promise<string>,
): Promise<MeasuredSegment> {
  const startMs = events[0]?.atMs ?? 0;
  let tally = emptyTally;
  let newest: string | undefined;
  let sinceMs: number[] = [];
  let firstWordMs: number | undefined;
  const countBehind = (): void => {
    if (newest === undefined) return;
    const behind = tally.behind + unitsBehind(newest, tally.shown, target);
    tally = { ...tally, behind, revisions: tally.revisions + 1 };
    newest = undefined;
  };
  const show = (text: string, atMs: number): void => {
    sinceMs = unchangedSince(sinceMs, { before: tally.shown, now: text, nowMs: atMs - startMs }, target);
    if (text !== '') firstWordMs ??= atMs - startMs;
  };
  for (const event of events) {
    switch (event.type) {
      case 'revision':
        countBehind();
        newest = await translate(event.text);
        break;
      case 'shown': {
        const { text, concluded, atMs } = event;
        show(text, atMs);
        tally = { ...tally, shown: text, concluded, erased: tally.erased + erasedUnits(tally.shown, text, target) };
        break;
      }
      case 'final':
        countBehind();
        show(event.text, event.atMs);
        return {
          counts: tallyFinal(tally, event.text, target),
          firstWordMs,
          lagMs: lengthAdaptiveLagMs(sinceMs, event.atMs - startMs),
        };
    }
  }
  throw new Error('a segment has no final');
}
