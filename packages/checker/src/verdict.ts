import type { TranslationFailed, TranslationFinal, TranslationPartial } from '@parley/protocol';
import type { SegmentHistory, TargetHistory } from './segment-history.ts';
import type { SessionSettings } from './session-settings.ts';
import type { ViolationCode } from './violation.ts';

/** Whether this partial may come now, given what the client sent and saw; `undefined` if so. */
export function partialVerdict(
  { targetLanguage, revision }: TranslationPartial,
  segment: SegmentHistory | undefined,
  settings: SessionSettings,
  opening: number,
): ViolationCode | undefined {
  if (!settings.everAskedFor(targetLanguage)) return 'unknown-target';
  if (segment === undefined) return 'unknown-revision';
  if (!segment.revisions.has(revision) && !segment.isPreview(revision)) return 'unknown-revision';
  // The server had forgotten the segment, and what of it was shown.
  if (segment.isMissing || segment.repeats > 0) return undefined;
  return revisionVerdict(revision, segment.target(targetLanguage), opening);
}

/**
 * Whether a target may be shown this revision now. After each opening of the session the newest one may come once more:
 * the server can't know whether it was seen.
 */
export function revisionVerdict(revision: number, target: TargetHistory, opening: number): ViolationCode | undefined {
  if (target.resolvedAt.length > 0) return 'partial-after-final';
  if (revision < target.shownRevision) return 'revision-went-back';
  return revision === target.shownRevision && target.shownInOpening === opening ? 'revision-repeated' : undefined;
}

/** Whether this final or failure may come now; its offset is judged apart. */
export function resolutionVerdict(
  { targetLanguage }: TranslationFinal | TranslationFailed,
  segment: SegmentHistory | undefined,
): ViolationCode | undefined {
  if (segment?.final === undefined) return 'final-never-sent';
  if (!segment.mayResolve(targetLanguage)) {
    // What was on its way when the server lost the final.
    if (segment.isMissing) return undefined;
    return 'unknown-target';
  }
  return segment.target(targetLanguage).resolvedAt.length > segment.repeats ? 'final-doubled' : undefined;
}
