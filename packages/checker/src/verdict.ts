import type { TranslationFailed, TranslationFinal, TranslationPartial } from '@parley/protocol';
import type { SegmentHistory } from './segment-history.ts';
import type { SessionSettings } from './session-settings.ts';
import type { ViolationCode } from './violation.ts';

/** Whether this partial may come now, given what the client sent and saw; `undefined` if so. */
export function partialVerdict(
  { targetLanguage, revision }: TranslationPartial,
  segment: SegmentHistory | undefined,
  settings: SessionSettings,
): ViolationCode | undefined {
  if (!settings.everAskedFor(targetLanguage)) return 'unknown-target';
  if (segment === undefined) return 'unknown-revision';
  const target = segment.target(targetLanguage);
  if (target.resolved) return 'partial-after-final';
  if (!segment.revisions.has(revision) && !segment.isPreview(revision)) return 'unknown-revision';
  if (revision === target.shownRevision) return 'revision-repeated';
  if (revision < target.shownRevision) return 'revision-went-back';
  return undefined;
}

/** Whether this final or failure may come now; its offset is judged apart. */
export function resolutionVerdict(
  { targetLanguage }: TranslationFinal | TranslationFailed,
  segment: SegmentHistory | undefined,
): ViolationCode | undefined {
  if (segment?.final === undefined) return 'final-never-sent';
  if (!segment.final.settings.targets.has(targetLanguage)) return 'unknown-target';
  return segment.target(targetLanguage).resolved ? 'final-doubled' : undefined;
}
