import type { TranslationResult } from '@parley/translation';

/** How a translation came about, as the metrics name it. */
export function outcomeOf({
  cached,
  joined,
}: Pick<TranslationResult, 'cached' | 'joined'>): 'cached' | 'joined' | 'translated' {
  if (cached) return 'cached';
  return joined ? 'joined' : 'translated';
}
