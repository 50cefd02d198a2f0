import { randomInt } from 'node:crypto';
import type { ChainableCommander } from 'ioredis';
import type { RedisConnection } from '../connection/redis-connection.ts';
import { ShardedSubscriptions } from '../connection/sharded-subscriptions.ts';
import { accessChannel, accessVersionsKey } from '../script/keys.ts';

/** What operators change at run time. */
export type AccessKind = 'keys' | 'tenants';

const kinds: readonly AccessKind[] = ['keys', 'tenants'];
/** A notice may be lost, so the versions are also compared this often: one small read per connection. */
const pollIntervalMs = 1000;

/**
 * A version grows by a random step, so that it is not reached again after Redis has lost the last changes. Small enough for two
 * billion changes.
 */
const maxVersionStep = 2 ** 32;

/** Adds to a transaction that something has changed, so that every process reads it again. */
export function announceAccessChange(transaction: ChainableCommander, kind: AccessKind): ChainableCommander {
  return transaction.hincrby(accessVersionsKey, kind, randomInt(1, maxVersionStep)).spublish(accessChannel, kind);
}

/** Reads again what has changed. If it rejects, it is called again at the next poll. */
export type AccessReader = () => Promise<void>;

export interface AccessChangesOptions {
  readonly redis: RedisConnection;
  /** A connection used only for subscriptions. */
  readonly listening: RedisConnection;
  readonly readers: Readonly<Partial<Record<AccessKind, AccessReader>>>;
  readonly pollIntervalMs?: number;
}

/**
 * Calls the readers at the start and after each change, usually within milliseconds, and at the latest after the next poll.
 * While Redis is unavailable, what was read before remains valid.
 */
export class AccessChanges implements Disposable {
  readonly #options: AccessChangesOptions;
  readonly #known = new Map<AccessKind, string>();
  readonly #timer: NodeJS.Timeout;
  #checking: Promise<void> | undefined;
  #isCheckDue = false;

  constructor(options: AccessChangesOptions) {
    this.#options = options;
    const { redis, listening } = options;
    listening.on('smessage', this.#onMessage);
    // A rejected subscription is retried; until then the poll is enough.
    new ShardedSubscriptions(listening, () => void this.check()).add(accessChannel).catch(() => undefined);
    this.#timer = setInterval(() => {
      if (redis.status === 'ready') void this.check();
    }, options.pollIntervalMs ?? pollIntervalMs);
  }

  /** Compares the versions now. Never rejects. */
  check(): Promise<void> {
    this.#isCheckDue = true;
    return (this.#checking ??= this.#check().finally(() => (this.#checking = undefined)));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#options.listening.off('smessage', this.#onMessage);
  }

  readonly #onMessage = (channel: string): void => {
    if (channel === accessChannel) void this.check();
  };

  async #check(): Promise<void> {
    while (this.#isCheckDue) {
      this.#isCheckDue = false;
      await this.#readChanged().catch(() => undefined);
    }
  }

  async #readChanged(): Promise<void> {
    const { redis, readers } = this.#options;
    const versions = await redis.hmget(accessVersionsKey, ...kinds);
    for (const [index, kind] of kinds.entries()) {
      const version = versions[index] ?? '0';
      // Any other version counts, also a lower one: a replica that took over may lack the last changes.
      if (this.#known.get(kind) === version) continue;
      await readers[kind]?.();
      this.#known.set(kind, version);
    }
  }
}
