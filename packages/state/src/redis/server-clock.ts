import type { Redis } from 'ioredis';

/** Clocks drift apart, and after a fail-over it is another machine's. */
const everyMs = 2000;
/** The time told is that of some moment between question and answer: past this it says too little. */
const longestAnswerMs = 500;

/** The clock of Redis, by which scripts number what they make: read now and then, and reckoned in between. */
export class ServerClock implements Disposable {
  readonly #redis: Redis;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #aheadMs: number | undefined;
  /** What stands for the question that waits for its answer. */
  #asked: symbol | undefined;

  /** @param now milliseconds of a clock that never goes back */
  constructor(redis: Redis, now: () => number) {
    this.#redis = redis;
    this.#now = now;
    this.#timer = setInterval(this.#look, everyMs);
    this.#timer.unref();
    redis.on('ready', this.#lookAnew);
    this.#look();
  }

  /** Milliseconds since 1970, to within a quarter of a second; `undefined` while Redis hasn't told or was slow to. */
  get nowMs(): number | undefined {
    return this.#aheadMs === undefined ? undefined : this.#now() + this.#aheadMs;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#redis.off('ready', this.#lookAnew);
  }

  readonly #look = (): void => {
    if (this.#redis.status !== 'ready') this.#aheadMs = undefined;
    else if (this.#asked === undefined) void this.#ask();
  };

  /** It may be another server by now. An answer that is still to come would be that of the one before. */
  readonly #lookAnew = (): void => {
    this.#aheadMs = undefined;
    this.#asked = undefined;
    this.#look();
  };

  async #ask(): Promise<void> {
    const asked = (this.#asked = Symbol('a question'));
    const askedAtMs = this.#now();
    let aheadMs: number | undefined;
    try {
      const [seconds, micros] = await this.#redis.time();
      const answeredAtMs = this.#now();
      const isSoon = answeredAtMs - askedAtMs <= longestAnswerMs;
      if (isSoon) aheadMs = Number(seconds) * 1000 + Number(micros) / 1000 - (askedAtMs + answeredAtMs) / 2;
    } catch {
      aheadMs = undefined;
    }
    if (this.#asked !== asked) return;
    this.#asked = undefined;
    this.#aheadMs = aheadMs;
  }
}
