import type { Redis } from 'ioredis';
import { holdersKey } from '../script/keys.ts';
import { asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';

/** How long a thread counts that says no more how much it holds. */
const leaseMs = 3000;

/** How many open segments each worker thread holds, as they tell each other. */
export class HolderBalance {
  readonly #balance: Script;
  readonly #thread: string;

  /** @param thread names this one */
  constructor(redis: Redis, thread: string) {
    this.#balance = defineScript(redis, 'parleySegmentBalance', new URL('balance.lua', import.meta.url));
    this.#thread = thread;
  }

  /** Says how many this thread holds; gives how many threads there are, and how many all of them hold. */
  async report(held: number): Promise<{ threads: number; held: number }> {
    const [threads, all] = asStrings(await this.#balance([holdersKey], [this.#thread, held, leaseMs]));
    return { threads: Number(threads), held: Number(all) };
  }
}
