import { longestSentenceLetters, typicalCallTokens } from '@parley/translation';

/**
 * Returns the estimated tokens of translating one revision of a partial into one target. A long partial is translated in pieces, of
 * which usually only the newest ones are not known yet, so it counts as one of the longest sentences.
 */
export function partialCost(text: string): number {
  return typicalCallTokens(text.slice(0, longestSentenceLetters));
}
