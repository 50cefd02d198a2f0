import { TokenBucket, type TokenRate } from './token-bucket.ts';

/** What one connection may still send, in frames or in bytes. */
export interface Allowance {
  readonly bucket: TokenBucket;
  /** Leaves it to the client's next connection. May be repeated. */
  close(nowMs: number): void;
}

interface Closed {
  readonly client: string;
  readonly bucket: TokenBucket;
  readonly closedAtMs: number;
}

/**
 * How much each connection may still send. A new connection continues where the one that its client closed last has left
 * off, so that nobody gets another burst by connecting again.
 */
export class Allowances {
  readonly #rate: TokenRate;
  /** By now, every bucket is full again, even one with a debt. */
  readonly #fullAfterMs: number;
  readonly #byClient = new Map<string, Closed[]>();
  /** In the order of closing. */
  readonly #all = new Set<Closed>();

  constructor(rate: TokenRate) {
    this.#rate = rate;
    this.#fullAfterMs = (2000 * rate.burst) / rate.perSecond;
  }

  /** @param client whoever should not gain by connecting again */
  open(client: string, nowMs: number): Allowance {
    this.#forgetFull(nowMs);
    const last = this.#byClient.get(client)?.at(-1);
    if (last !== undefined) this.#forget(last, 'last');
    const bucket = last?.bucket ?? new TokenBucket(this.#rate, nowMs);
    let isOpen = true;
    return {
      bucket,
      close: (closedAtMs) => {
        if (isOpen) this.#close({ client, bucket, closedAtMs });
        isOpen = false;
      },
    };
  }

  #close(closed: Closed): void {
    const { client, bucket, closedAtMs } = closed;
    // The next connection can't help what the network had brought already.
    bucket.limitDebt();
    this.#forgetFull(closedAtMs);
    this.#all.add(closed);
    const others = this.#byClient.get(client);
    if (others === undefined) this.#byClient.set(client, [closed]);
    else others.push(closed);
  }

  #forgetFull(nowMs: number): void {
    for (const closed of this.#all) {
      if (nowMs - closed.closedAtMs < this.#fullAfterMs) return;
      this.#forget(closed, 'first');
    }
  }

  #forget(closed: Closed, which: 'first' | 'last'): void {
    this.#all.delete(closed);
    const others = this.#byClient.get(closed.client) ?? [];
    if (which === 'first') others.shift();
    else others.pop();
    if (others.length === 0) this.#byClient.delete(closed.client);
  }
}
