import type { EngineProfile } from './engine-profile.ts';

const refreshMs = 2000;
/** While no worker has told what it measured. */
const usualLimit = 2;

/**
 * How many calls of a slot may be at the engine at once: as the workers publish it in `engine:profile`, so that edges
 * and workers go by the same number, and as this process was told while none has. Looked at again every two seconds;
 * whoever asks gets the number that is known.
 */
export class InFlightLimit {
  readonly #own: number;
  readonly #read: () => Promise<Pick<EngineProfile, 'partialInFlight'> | undefined>;
  readonly #now: () => number;
  #published: number | undefined;
  #readAtMs = -Infinity;

  /** @param now milliseconds since some fixed moment */
  constructor(
    own: number | 'auto',
    read: () => Promise<Pick<EngineProfile, 'partialInFlight'> | undefined>,
    now: () => number,
  ) {
    this.#own = own === 'auto' ? usualLimit : own;
    this.#read = read;
    this.#now = now;
  }

  get value(): number {
    if (this.#now() - this.#readAtMs >= refreshMs) {
      this.#readAtMs = this.#now();
      this.#read().then(
        (profile) => (this.#published = profile?.partialInFlight),
        () => undefined, // Redis is away: the number that was known holds.
      );
    }
    return this.#published ?? this.#own;
  }
}
