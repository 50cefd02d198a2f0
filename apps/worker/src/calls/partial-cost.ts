import { typicalCallTokens } from '@parley/translation';

/** A longer partial is translated in pieces, of which usually only the newest ones are not known yet. In UTF-16 units. */
const longestCall = 400;

/** Returns the estimated tokens of translating one revision of a partial into one target. */
export function partialCost(text: string): number {
  return typicalCallTokens(text.slice(0, longestCall));
}
