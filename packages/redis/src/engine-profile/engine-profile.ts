import { languageTagSchema } from '@parley/protocol';
import type { Redis } from 'ioredis';
import { z } from 'zod';

const key = 'engine:profile';
const lifeMs = 15_000;

/** What the workers' engine is and can do, as edges check requests against it. Format version 1. */
const engineProfileSchema = z.object({
  v: z.literal(1),
  engine: z.string(),
  /** [source, target] pairs; absent: any. */
  languagePairs: z.array(z.tuple([languageTagSchema, languageTagSchema])).optional(),
});
export type EngineProfile = z.infer<typeof engineProfileSchema>;

/** Written by workers with their heartbeat; it lapses some seconds after the last of them. */
export class EngineProfileStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async publish(profile: EngineProfile): Promise<void> {
    // Edges that were started before workers were updated insist on the last field.
    await this.#redis.set(key, JSON.stringify({ ...profile, finalIdentity: '' }), 'PX', lifeMs);
  }

  /** No worker lives: what one that lived before has told no longer holds. */
  async forget(): Promise<void> {
    await this.#redis.del(key);
  }

  /** `undefined` while no worker lives. */
  async read(): Promise<EngineProfile | undefined> {
    const json = await this.#redis.get(key);
    return json === null ? undefined : engineProfileSchema.parse(JSON.parse(json));
  }
}
