import type { ChainableCommander } from 'ioredis';
import type { RedisConnection } from '../connection/redis-connection.ts';
import { z } from 'zod';
import { announceAccessChange } from '../access/access-changes.ts';
import { apiKeysKey, apiKeyUsesKey } from '../script/keys.ts';
import { parseStored } from '../script/parse-stored.ts';
import { apiKeyDigest, createApiKeySecret, tokenPublicKey } from './api-key.ts';

/** What a key permits; each scope includes those before it. */
export const apiKeyScopes = ['listen', 'speak', 'admin'] as const;
export type ApiKeyScope = (typeof apiKeyScopes)[number];

/** All edges list all keys together, so their number is limited. */
export const maxApiKeys = 10_000;
/** Fields read per command. */
const maxPerRead = 1000;

const recordSchema = z.object({
  v: z.literal(1),
  tenant: z.string(),
  name: z.string(),
  scope: z.enum(apiKeyScopes),
  createdAtMs: z.number(),
  digest: z.string(),
  tokenPublicKey: z.string(),
});

/** A key as it is stored: nothing in it opens anything. */
export interface ApiKeyRecord extends Omit<z.infer<typeof recordSchema>, 'v'> {
  readonly id: string;
}

export interface ListedApiKey extends ApiKeyRecord {
  /** To the minute; `undefined` if it was never used. */
  readonly lastUsedAtMs: number | undefined;
}

/** There are as many keys as allowed. */
export class TooManyApiKeysError extends Error {
  override readonly name = 'TooManyApiKeysError';

  constructor() {
    super(`there are ${maxApiKeys} API keys already; revoke some first`);
  }
}

/** API keys that are made and revoked at run time. */
export class ApiKeyStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  /**
   * Makes a key.
   *
   * @returns the key itself, which can't be read later, and its record
   * @throws TooManyApiKeysError
   */
  async create(
    about: Pick<ApiKeyRecord, 'tenant' | 'name' | 'scope'>,
    nowMs: number,
  ): Promise<{ key: string; record: ApiKeyRecord }> {
    if ((await this.#redis.hlen(apiKeysKey)) >= maxApiKeys) throw new TooManyApiKeysError();
    const { id, key } = createApiKeySecret();
    const stored = { ...about, createdAtMs: nowMs, digest: apiKeyDigest(key), tokenPublicKey: tokenPublicKey(key) };
    await this.#change((transaction) => transaction.hset(apiKeysKey, id, JSON.stringify({ v: 1, ...stored })));
    return { key, record: { id, ...stored } };
  }

  /** Finds a key by its ID; `undefined` if there is none that this version can read, or if it was revoked. */
  async find(id: string): Promise<ApiKeyRecord | undefined> {
    return recordOf(id, await this.#redis.hget(apiKeysKey, id));
  }

  /** Finds several keys; those that don't exist, or can't be read, are missing in the result. */
  async findAll(ids: readonly string[]): Promise<Map<string, ApiKeyRecord>> {
    const found = new Map<string, ApiKeyRecord>();
    for (let from = 0; from < ids.length; from += maxPerRead) {
      const batch = ids.slice(from, from + maxPerRead);
      const records = await this.#redis.hmget(apiKeysKey, ...batch);
      for (const [index, id] of batch.entries()) {
        const record = recordOf(id, records[index]);
        if (record !== undefined) found.set(id, record);
      }
    }
    return found;
  }

  /** The IDs of all keys, also of those that can't be read. */
  async ids(): Promise<string[]> {
    return await this.#redis.hkeys(apiKeysKey);
  }

  /**
   * Lists keys, oldest first.
   *
   * @param tenant only those of this tenant; unset: all
   * @returns `unreadableIds` are those of keys of any tenant whose record is damaged or of another version
   */
  async list(tenant?: string): Promise<{ keys: ListedApiKey[]; unreadableIds: string[] }> {
    const [records, uses] = await Promise.all([this.#redis.hgetall(apiKeysKey), this.#redis.hgetall(apiKeyUsesKey)]);
    const keys: ListedApiKey[] = [];
    const unreadableIds: string[] = [];
    for (const [id, json] of Object.entries(records)) {
      const [record, usedAtMs] = [recordOf(id, json), uses[id]];
      if (record === undefined) unreadableIds.push(id);
      else if (tenant === undefined || record.tenant === tenant) {
        keys.push({ ...record, lastUsedAtMs: usedAtMs === undefined ? undefined : Number(usedAtMs) });
      }
    }
    return { keys: keys.sort((one, other) => one.createdAtMs - other.createdAtMs), unreadableIds };
  }

  /** Revokes a key. @returns what it was, or that it could not be read; `undefined` if there is none with this ID */
  async revoke(id: string): Promise<ApiKeyRecord | 'unreadable' | undefined> {
    const json = await this.#redis.hget(apiKeysKey, id);
    if (json === null) return undefined;
    await this.#change((transaction) => transaction.hdel(apiKeysKey, id).hdel(apiKeyUsesKey, id));
    return recordOf(id, json) ?? 'unreadable';
  }

  /** Records that a key was used. One that is revoked at the same time may leave its time behind, which `list` ignores. */
  async touch(id: string, nowMs: number): Promise<void> {
    await this.#redis.hset(apiKeyUsesKey, id, nowMs);
  }

  async #change(edit: (transaction: ChainableCommander) => ChainableCommander): Promise<void> {
    const results = await announceAccessChange(edit(this.#redis.multi()), 'keys').exec();
    const error = results?.find(([failure]) => failure !== null)?.[0];
    if (error !== undefined && error !== null) throw error;
  }
}

/** Returns `undefined` for a record that can't be read: throwing would hide changes of other keys. */
function recordOf(id: string, json: string | null | undefined): ApiKeyRecord | undefined {
  const stored = parseStored(recordSchema, json);
  if (stored === undefined) return undefined;
  const { v: _version, ...record } = stored;
  return { id, ...record };
}
