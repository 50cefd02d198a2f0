import type { LanguageTag } from '@parley/protocol';
import type { EngineCapabilities } from '@parley/translation';

type Pairs = EngineCapabilities['languagePairs'];

/** The pairs that one of several endpoints translates, each once; any, where one of them translates any. */
export function unionOfPairs(all: readonly Pairs[]): Pairs {
  const union = new Map<string, readonly [LanguageTag, LanguageTag]>();
  for (const pairs of all) {
    if (pairs === undefined) return undefined;
    for (const pair of pairs) union.set(pair.join(' '), pair);
  }
  return [...union.values()];
}
