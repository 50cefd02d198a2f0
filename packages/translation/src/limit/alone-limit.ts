import { dividedShape, type BucketShape, type RoomShape } from './bucket-shape.ts';
import { emptyLevel, takeLocally, type LocalLevel } from './local-bucket.ts';
import type { CallAsk } from './rate-limit.ts';

export interface AloneLimitOptions {
  /** The share of what may be used at once that only finals may use. */
  readonly finalReserve: number;
  /** How many threads, this one among them, share the limit, as far as is known. */
  readonly threads: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Hears whether this thread counts alone. */
  readonly onChange: (isAlone: boolean) => void;
}

/** How long a thread counts alone before it asks again. */
const aloneForMs = 1000;

/** One thread's part of a limit, for as long as the others can't be asked. */
export class AloneLimit {
  readonly #options: AloneLimitOptions;
  #untilMs = -Infinity;
  #isAlone = false;
  #level: LocalLevel = emptyLevel(0);

  constructor(options: AloneLimitOptions) {
    this.#options = options;
  }

  /** Whether the others aren't to be asked at the moment. */
  get holds(): boolean {
    return this.#options.now() < this.#untilMs;
  }

  /** The others can't be asked: for a second nobody tries. */
  begin(): void {
    const now = this.#options.now();
    this.#untilMs = now + aloneForMs;
    if (this.#isAlone) return;
    this.#isAlone = true;
    this.#level = emptyLevel(now);
    this.#options.onChange(true);
  }

  /** The others have answered. */
  end(): void {
    if (!this.#isAlone) return;
    this.#isAlone = false;
    this.#options.onChange(false);
  }

  /** Takes room for one call. @returns 0, or how long it takes until there is room, in ms */
  take(ask: Pick<CallAsk, 'kind' | 'tokens'>, { requests, tokens }: RoomShape): number {
    const { finalReserve, now, threads } = this.#options;
    const among = Math.max(1, threads());
    const part = (bucket: BucketShape | undefined): BucketShape | undefined => bucket && dividedShape(bucket, among);
    const own = { requests: part(requests), tokens: part(tokens) };
    const { level, waitMs } = takeLocally(this.#level, ask, own, finalReserve, now());
    this.#level = level;
    return waitMs;
  }
}
