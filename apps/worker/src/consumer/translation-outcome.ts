import type { TranslationResult } from '@parley/translation';

/** How a translation came about, as the metrics name it. */
export function translationOutcome({
  cached,
  joined,
  suspect,
}: Pick<TranslationResult, 'cached' | 'joined' | 'suspect'>): 'cached' | 'joined' | 'suspect' | 'translated' {
  if (suspect === true) return 'suspect';
  if (cached) return 'cached';
  return joined ? 'joined' : 'translated';
}
