import type { LanguageTag } from '@parley/protocol';
import type { EngineProfile } from '@parley/state';

const refreshMs = 2000;

/** What the workers' engine translates, as they last told; asked for at most every two seconds. */
export class LanguageSupport {
  readonly #read: () => Promise<EngineProfile | undefined>;
  readonly #now: () => number;
  #profile: Promise<EngineProfile | undefined> | undefined;
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
    if (this.#profile === undefined || this.#now() - this.#readAtMs > refreshMs) {
      this.#readAtMs = this.#now();
      this.#profile = this.#read();
      this.#profile.catch(() => (this.#profile = undefined));
    }
    const pairs = (await this.#profile)?.languagePairs;
    if (pairs === undefined) return undefined;
    return targets.find((target) => target !== source && !isCovered(pairs, source, target));
  }
}

/** An engine that knows `es` serves `es-MX` too: regions are compared by their language alone. */
function isCovered(
  pairs: NonNullable<EngineProfile['languagePairs']>,
  source: LanguageTag,
  target: LanguageTag,
): boolean {
  return pairs.some(([from, to]) => base(from) === base(source) && base(to) === base(target));
}

function base(tag: LanguageTag): string {
  return new Intl.Locale(tag).language;
}
