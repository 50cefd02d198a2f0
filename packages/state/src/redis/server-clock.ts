import type { Redis } from 'ioredis';

/** Clocks drift apart, and after a fail-over it is another machine's. */
const everyMs = 5000;
/** The time told is that of some moment between question and answer: past this it says too little. */
const longestAnswerMs = 500;

/** The clock of Redis, by which scripts number what they make: read now and then, and reckoned in between. */
export class ServerClock implements Disposable {
  readonly #redis: Redis;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #aheadMs: number | undefined;

  /** @param now milliseconds of a clock that never goes back */
  constructor(redis: Redis, now: () => number) {
    this.#redis = redis;
    this.#now = now;
    this.#timer = setInterval(this.#look, everyMs);
    this.#timer.unref();
    redis.on('ready', this.#look);
    this.#look();
  }

  /** Milliseconds since 1970, to within a quarter of a second; `undefined` while Redis hasn't told. */
  get nowMs(): number | undefined {
    return this.#aheadMs === undefined ? undefined : this.#now() + this.#aheadMs;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#redis.off('ready', this.#look);
  }

  readonly #look = (): void => void this.#read();

  async #read(): Promise<void> {
    if (this.#redis.status !== 'ready') {
      this.#aheadMs = undefined;
      return;
    }
    const askedAtMs = this.#now();
    try {
      const [seconds, micros] = await this.#redis.time();
      const answeredAtMs = this.#now();
      if (answeredAtMs - askedAtMs > longestAnswerMs) return;
      this.#aheadMs = Number(seconds) * 1000 + Number(micros) / 1000 - (askedAtMs + answeredAtMs) / 2;
    } catch {
      this.#aheadMs = undefined;
    }
  }
}
