import { baseLanguage, type LanguageTag } from '@parley/protocol';
import type { EngineProfile } from '@parley/state';

const refreshMs = 2000;

/** What the workers' engine translates, as they last told; asked for at most every two seconds. */
export class LanguageSupport {
  readonly #read: () => Promise<EngineProfile | undefined>;
  readonly #now: () => number;
  #pairs: Promise<ReadonlySet<string> | undefined> | undefined;
  #readAtMs = 0;

  constructor(read: () => Promise<EngineProfile | undefined>, now: () => number) {
    this.#read = read;
    this.#now = now;
  }

  /**
   * The first target that can't be reached from this source, or `undefined`. Where no worker lives or the engine names
   * no pairs, nothing is refused: the translation will tell.
   */
  async firstUnsupported(source: LanguageTag, targets: readonly LanguageTag[]): Promise<LanguageTag | undefined> {
    if (this.#pairs === undefined || this.#now() - this.#readAtMs > refreshMs) {
      this.#readAtMs = this.#now();
      this.#pairs = this.#read().then((profile) => profile?.languagePairs && basePairs(profile.languagePairs));
      this.#pairs.catch(() => (this.#pairs = undefined));
    }
    const pairs = await this.#pairs;
    if (pairs === undefined) return undefined;
    return targets.find((target) => target !== source && !pairs.has(basePair(source, target)));
  }
}

/** An engine that knows `es` serves `es-MX` too: regions are compared by their language alone. */
function basePairs(pairs: NonNullable<EngineProfile['languagePairs']>): Set<string> {
  return new Set(pairs.map(([source, target]) => basePair(source, target)));
}

function basePair(source: LanguageTag, target: LanguageTag): string {
  return `${baseLanguage(source)} ${baseLanguage(target)}`;
}
