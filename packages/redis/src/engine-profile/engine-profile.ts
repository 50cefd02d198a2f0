import { languageTagSchema } from '@parley/protocol';
import type { RedisConnection } from '../connection/redis-connection.ts';
import { z } from 'zod';

const key = 'engine:profile';
const ttlMs = 15_000;

/** The workers' engine and its language pairs, against which edges check requests. Format version 1. */
const engineProfileSchema = z.object({
  v: z.literal(1),
  engine: z.string(),
  /** [source, target] pairs; absent: any. */
  languagePairs: z.array(z.tuple([languageTagSchema, languageTagSchema])).optional(),
});
export type EngineProfile = z.infer<typeof engineProfileSchema>;

/** The profile that workers publish with their heartbeat; it expires some seconds after the last of them stopped. */
export class EngineProfileStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async publish(profile: EngineProfile): Promise<void> {
    // Edges of older versions require the last field.
    await this.#redis.set(key, JSON.stringify({ ...profile, finalIdentity: '' }), 'PX', ttlMs);
  }

  /** Deletes the profile when no worker is alive. */
  async delete(): Promise<void> {
    await this.#redis.del(key);
  }

  /** Returns the profile; `undefined` while no worker is alive. */
  async read(): Promise<EngineProfile | undefined> {
    const json = await this.#redis.get(key);
    return json === null ? undefined : engineProfileSchema.parse(JSON.parse(json));
  }
}
