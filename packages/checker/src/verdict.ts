import type { TranslationFailed, TranslationFinal, TranslationPartial } from '@parley/protocol';
import type { SegmentHistory, TargetHistory } from './segment-history.ts';
import type { SessionSettings } from './session-settings.ts';
import type { ViolationCode } from './violation.ts';

/** @returns the violation if this partial must not arrive now */
export function partialVerdict(
  { targetLanguage, revision }: TranslationPartial,
  segment: SegmentHistory | undefined,
  settings: SessionSettings,
  opening: number,
): ViolationCode | undefined {
  if (!settings.everAskedFor(targetLanguage)) return 'unknown-target';
  if (segment === undefined) return 'unknown-revision';
  if (!segment.revisions.has(revision) && !segment.isPreview(revision)) return 'unknown-revision';
  // The server has lost the segment and what was displayed of it.
  if (segment.isMissing || segment.repeats > 0) return undefined;
  return revisionVerdict(revision, segment.target(targetLanguage), opening);
}

/**
 * Checks the order of revisions. After each opening of the session the newest one may be sent once more, because the
 * server can't know whether it was displayed.
 *
 * @returns the violation if the target must not get this revision now
 */
export function revisionVerdict(revision: number, target: TargetHistory, opening: number): ViolationCode | undefined {
  if (target.resolvedAt.length > 0) return 'partial-after-final';
  if (revision < target.shownRevision) return 'revision-decreased';
  return revision === target.shownRevision && target.shownInOpening === opening ? 'revision-repeated' : undefined;
}

/**
 * Checks a final or failure except for its offset.
 *
 * @returns the violation if it must not arrive now
 */
export function resolutionVerdict(
  { targetLanguage }: TranslationFinal | TranslationFailed,
  segment: SegmentHistory | undefined,
): ViolationCode | undefined {
  if (segment?.final === undefined) return 'final-never-sent';
  if (!segment.mayResolve(targetLanguage)) {
    // Was in flight when the server lost the final.
    if (segment.isMissing) return undefined;
    return 'unknown-target';
  }
  return segment.target(targetLanguage).resolvedAt.length > segment.repeats ? 'final-duplicated' : undefined;
}
