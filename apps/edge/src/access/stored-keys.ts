import type { ApiKeyRecord, ApiKeyStore } from '@parley/redis/api-key';
import type { JoinAttempts } from '../limits/join-attempts.ts';

/** How long a key that was found is not looked up again. A change in Redis ends this at once. */
const cachedForMs = 60_000;
const maxCached = 10_000;
/** Revoked keys that are remembered, for connections that were about to be opened. */
const maxRevoked = 10_000;
/** How often the time of the last use is written. */
const touchEveryMs = 60_000;

export interface StoredKeysOptions {
  readonly store: Pick<ApiKeyStore, 'find' | 'findAll' | 'ids' | 'touch'>;
  /** Counts keys that don't exist by address. */
  readonly attempts: JoinAttempts;
  /** The IDs of the keys of all open connections. */
  readonly inUse: () => Iterable<string>;
  /** Closes the connections of keys that no longer exist. */
  readonly onRevoked: (ids: ReadonlySet<string>) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Finds an API key in Redis by its ID. */
export type FindStoredKey = (id: string, address: string) => Promise<ApiKeyRecord | 'too-many-tries' | undefined>;

/**
 * The API keys in Redis as this edge knows them: the IDs of all, and for a minute those that are used. An ID that is not known
 * is counted for its address before it is looked up, so that many wrong keys neither become as many reads of Redis nor keep out
 * a right one.
 */
export class StoredKeys {
  readonly #options: StoredKeysOptions;
  /** The oldest first. */
  readonly #cached = new Map<string, { readonly record: ApiKeyRecord; readonly untilMs: number }>();
  #ids: ReadonlySet<string> = new Set();
  readonly #revoked = new Set<string>();
  readonly #touchedAtMs = new Map<string, number>();
  /** How many changes there were; a key that was read before the newest one is read again. */
  #changes = 0;

  constructor(options: StoredKeysOptions) {
    this.#options = options;
  }

  /** @throws any error of Redis */
  readonly find: FindStoredKey = async (id, address) => {
    const { attempts, now } = this.#options;
    const cached = this.#cached.get(id);
    if (cached !== undefined && cached.untilMs > now()) return cached.record;
    if (this.#ids.has(id)) return await this.#read(id);
    // It does not exist, or was created after the last refresh.
    const attempt = attempts.begin(address, id);
    if (attempt === undefined) return 'too-many-tries';
    let isRight: boolean | undefined;
    try {
      const record = await this.#read(id);
      isRight = record !== undefined;
      if (record !== undefined) return record;
    } finally {
      attempt.settle(isRight);
    }
    return attempt.isBeyondLimit ? 'too-many-tries' : undefined;
  };

  /** Whether a key was revoked since it was found. */
  isRevoked(id: string | undefined): boolean {
    return id !== undefined && this.#revoked.has(id);
  }

  /** Records, now and then, that a key is used. Never rejects. */
  used(id: string): void {
    const { store, now } = this.#options;
    const nowMs = now();
    if (nowMs - (this.#touchedAtMs.get(id) ?? -Infinity) < touchEveryMs) return;
    addNewest(this.#touchedAtMs, id, nowMs, maxCached);
    // A failure is ignored: operators only use this time to find unused keys.
    store.touch(id, nowMs).catch(() => undefined);
  }

  /** After a change: looks up again the keys that are cached or in use, and closes the connections of those that are gone. */
  async refresh(): Promise<void> {
    const { store, inUse, onRevoked } = this.#options;
    this.#changes += 1;
    const ids = [...new Set([...this.#cached.keys(), ...inUse()])];
    this.#cached.clear();
    const [found, allIds] = await Promise.all([store.findAll(ids), store.ids()]);
    this.#ids = new Set(allIds);
    const gone = new Set(ids.filter((id) => !found.has(id)));
    for (const id of gone) {
      this.#revoked.add(id);
      const [oldest = id] = this.#revoked;
      if (this.#revoked.size > maxRevoked) this.#revoked.delete(oldest);
    }
    for (const id of found.keys()) this.#revoked.delete(id);
    if (gone.size > 0) onRevoked(gone);
  }

  async #read(id: string): Promise<ApiKeyRecord | undefined> {
    for (;;) {
      const changes = this.#changes;
      const record = await this.#options.store.find(id);
      if (changes !== this.#changes) continue;
      if (record !== undefined) {
        addNewest(this.#cached, id, { record, untilMs: this.#options.now() + cachedForMs }, maxCached);
      }
      return record;
    }
  }
}

function addNewest<Value>(entries: Map<string, Value>, id: string, value: Value, maxEntries: number): void {
  entries.delete(id);
  entries.set(id, value);
  const [oldest = id] = entries.keys();
  if (entries.size > maxEntries) entries.delete(oldest);
}
