import { isOwnLanguage, type LanguageTag } from '@parley/protocol';
import type { EngineProfile } from '@parley/redis/engine-profile';
import { LanguagePairs } from '@parley/translation';

const refreshMs = 2000;

/** The language pairs of the workers' engine as last reported; refreshed at most every two seconds. */
export class LanguageSupport {
  readonly #read: () => Promise<EngineProfile | undefined>;
  readonly #now: () => number;
  #pairs: EngineProfile['languagePairs'];
  #known = new LanguagePairs(undefined);
  /** Why the pairs were never read; `undefined` if they were. */
  #failure: { readonly error: unknown } | undefined;
  #wasRead = false;
  #reading: Promise<void> | undefined;
  #readAtMs = -Infinity;

  constructor(read: () => Promise<EngineProfile | undefined>, now: () => number) {
    this.#read = read;
    this.#now = now;
  }

  /**
   * The targets that the engine can't translate to from this source. The source's own language needs no
   * translation. Empty if there is no worker or the engine reports no pairs; then the translation itself fails.
   */
  async unsupported(source: LanguageTag, targets: readonly LanguageTag[]): Promise<LanguageTag[]> {
    await this.#current();
    return targets.filter((target) => !isOwnLanguage(source, target) && !this.#known.supports(source, target));
  }

  /**
   * The pairs that the engine lists; `undefined` if it lists none or there is no worker.
   *
   * @throws the error of reading them, if they were never read
   */
  async pairs(): Promise<EngineProfile['languagePairs']> {
    await this.#current();
    if (this.#failure !== undefined) throw this.#failure.error;
    return this.#pairs;
  }

  async #current(): Promise<void> {
    if (this.#now() - this.#readAtMs > refreshMs) {
      this.#readAtMs = this.#now();
      this.#reading = this.#refresh();
    }
    await this.#reading;
  }

  /** Keeps the previous pairs if reading fails, so that no final is lost. */
  async #refresh(): Promise<void> {
    try {
      this.#pairs = (await this.#read())?.languagePairs;
      this.#known = new LanguagePairs(this.#pairs);
      this.#failure = undefined;
      this.#wasRead = true;
    } catch (error) {
      this.#readAtMs = -Infinity;
      if (!this.#wasRead) this.#failure = { error };
    }
  }
}
