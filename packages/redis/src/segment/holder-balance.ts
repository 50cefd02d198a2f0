import type { RedisConnection } from '../connection/redis-connection.ts';
import { holdersKey } from '../script/keys.ts';
import { asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';

/** How long a thread counts after its last report. */
const leaseMs = 3000;

/** Counts the open segments that each worker thread holds. */
export class HolderBalance {
  readonly #balance: Script;
  readonly #thread: string;

  /** @param thread the name of this thread */
  constructor(redis: RedisConnection, thread: string) {
    this.#balance = defineScript(redis, 'parleySegmentBalance', new URL('balance.lua', import.meta.url));
    this.#thread = thread;
  }

  /** Reports how many segments this thread holds. Returns the number of threads and of all segments they hold. */
  async report(held: number): Promise<{ threads: number; held: number }> {
    const [threads, all] = asStrings(await this.#balance([holdersKey], [this.#thread, held, leaseMs]));
    return { threads: Number(threads), held: Number(all) };
  }
}
