import type { TranslationRequest } from '@parley/translation';

/**
 * Whether a call goes over another connection than the call before it: every second one of a final does, so that no two
 * in a row share one. After a bad reply it need not, for no connection is at fault.
 */
export function goesApart({ kind, strict, earlierAttempts = 0 }: TranslationRequest): boolean {
  return kind === 'final' && strict !== true && earlierAttempts % 2 === 1;
}
