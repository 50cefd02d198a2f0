import { baseLanguage, type LanguageTag } from '@parley/protocol';
import type { EngineCapabilities } from '@parley/translation';

type Pairs = EngineCapabilities['languagePairs'];

/** What an endpoint has said of its languages. */
export class KnownPairs {
  #bases: ReadonlySet<string> | undefined;

  learn(pairs: Pairs): void {
    this.#bases = pairs && new Set(pairs.map(([source, target]) => basePair(source, target)));
  }

  /** `false` only where it is known. An endpoint that knows `es` serves `es-MX` too. */
  mayHold(source: LanguageTag, target: LanguageTag): boolean {
    return this.#bases === undefined || this.#bases.has(basePair(source, target));
  }
}

function basePair(source: LanguageTag, target: LanguageTag): string {
  return `${baseLanguage(source)} ${baseLanguage(target)}`;
}

/** The pairs that one of several endpoints translates, each once; any, where one of them translates any. */
export function unionOfPairs(all: readonly Pairs[]): Pairs {
  const union = new Map<string, readonly [LanguageTag, LanguageTag]>();
  for (const pairs of all) {
    if (pairs === undefined) return undefined;
    for (const pair of pairs) union.set(pair.join(' '), pair);
  }
  return [...union.values()];
}
