import {
  emptyTally,
  lengthAdaptiveLagMs,
  tallyFinal,
  tallyRevision,
  unchangedSince,
  unitsShorter,
  type StabilityCounts,
} from '@parley/translation';
import { textOf, type Policy, type SegmentLanguages } from './policies/policy.ts';
import type { RecordedSegment } from './segments.ts';
import type { QualityTranslation, Translator } from './translator.ts';

/** What one policy did with one segment. Times count from the segment's first revision. */
export interface SegmentResult {
  readonly counts: StabilityCounts;
  /** The sum of `unitsShorter` over the revisions. */
  readonly unitsShorter: number;
  /** When the first word was shown; `undefined`: the segment consists of its final only. */
  readonly firstUnitMs: number | undefined;
  /** See `lengthAdaptiveLagMs`. */
  readonly lagMs: number | undefined;
  /** What the policy had translated, the final included. */
  readonly requests: readonly QualityTranslation[];
}

/**
 * Plays the revisions of a segment through a policy, as if every translation took no time, and shows the final's translation
 * at the end.
 */
export async function playSegment(
  { revisions, final }: RecordedSegment,
  policy: Policy,
  languages: SegmentLanguages,
  translator: Translator,
): Promise<SegmentResult> {
  const { target } = languages;
  const requests: QualityTranslation[] = [];
  const newest = { revision: '', text: '', isRequested: false };
  const decide = policy.startSegment(languages, async (text, previous) => {
    const made = await translator.translate({ text, target, kind: 'partial', previous });
    requests.push(made);
    if (text === newest.revision && made.text !== undefined) {
      newest.text = made.text;
      newest.isRequested = true;
    }
    return made.text;
  });

  const startMs = revisions[0]?.t ?? final.t;
  let tally = emptyTally;
  let shorter = 0;
  let sinceMs: number[] = [];
  let firstUnitMs: number | undefined;
  const show = (shown: string, atMs: number): void => {
    sinceMs = unchangedSince(sinceMs, { before: tally.shown, now: shown, nowMs: atMs - startMs }, target);
    if (shown !== '') firstUnitMs ??= atMs - startMs;
  };

  for (const { t, text } of revisions) {
    Object.assign(newest, { revision: text, isRequested: false });
    const display = await decide({ t, text });
    if (display.translation !== undefined) Object.assign(newest, { text: display.translation, isRequested: true });
    if (!newest.isRequested) {
      // The policy did not need it, so it is not one of its requests.
      newest.text = (await translator.translate({ text, target, kind: 'partial' })).text ?? newest.text;
    }
    const shown = textOf(display);
    show(shown, t);
    shorter += unitsShorter(newest.text, shown, target);
    tally = tallyRevision(tally, { shown, concluded: display.concluded, newest: newest.text }, target);
  }

  const translated = await translator.translate({ text: final.text, target, kind: 'final' });
  requests.push(translated);
  const finalText = translated.text ?? '';
  show(finalText, final.t);
  return {
    counts: tallyFinal(tally, finalText, target),
    unitsShorter: shorter,
    firstUnitMs: revisions.length === 0 ? undefined : firstUnitMs,
    lagMs: lengthAdaptiveLagMs(sinceMs, final.t - startMs),
    requests,
  };
}
