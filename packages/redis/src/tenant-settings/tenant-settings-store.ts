import type { RedisConnection } from '../connection/redis-connection.ts';
import { z } from 'zod';
import { announceAccessChange } from '../access/access-changes.ts';
import { tenantSettingsKey } from '../script/keys.ts';
import { parseStored } from '../script/parse-stored.ts';

/** Every process keeps the settings of all tenants in memory. */
export const maxTenantsWithSettings = 10_000;

const limitSchema = z.int().min(0).max(1_000_000).optional();
/** 0 and a missing amount differ: the former is unlimited, the latter that of the configuration. */
const budgetSchema = z.int().min(0).optional();

const settingsSchema = z.object({
  v: z.literal(1),
  maxSessions: limitSchema,
  maxSockets: limitSchema,
  maxListeners: limitSchema,
  sessionBudgetMicros: budgetSchema,
  dailyBudgetMicros: budgetSchema,
});

/** Limits and budgets of one tenant, instead of the configured ones. 0: unlimited. */
export type TenantSettings = Partial<Omit<z.infer<typeof settingsSchema>, 'v'>>;

/** `unreadable`: damaged, or another version wrote them. */
export type StoredTenantSettings = TenantSettings | 'unreadable';

/** There are settings for as many tenants as allowed. */
export class TooManyTenantsError extends Error {
  override readonly name = 'TooManyTenantsError';

  constructor() {
    super(`${maxTenantsWithSettings} tenants have settings already`);
  }
}

/** Limits and budgets of tenants that are set at run time. */
export class TenantSettingsStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  /** Replaces the settings of a tenant; empty ones remove them. @throws TooManyTenantsError */
  async write(tenant: string, settings: TenantSettings): Promise<void> {
    const isEmpty = Object.values(settings).every((value) => value === undefined);
    const isNew = !isEmpty && (await this.#redis.hexists(tenantSettingsKey, tenant)) === 0;
    if (isNew && (await this.#redis.hlen(tenantSettingsKey)) >= maxTenantsWithSettings) throw new TooManyTenantsError();
    const transaction = this.#redis.multi();
    if (isEmpty) transaction.hdel(tenantSettingsKey, tenant);
    else transaction.hset(tenantSettingsKey, tenant, JSON.stringify({ v: 1, ...settings }));
    const results = await announceAccessChange(transaction, 'tenants').exec();
    const error = results?.find(([failure]) => failure !== null)?.[0];
    if (error !== undefined && error !== null) throw error;
  }

  /** The settings of a tenant; empty if it has none. */
  async read(tenant: string): Promise<StoredTenantSettings> {
    const json = await this.#redis.hget(tenantSettingsKey, tenant);
    return json === null ? {} : settingsOf(json);
  }

  /** The settings of all tenants that have any. */
  async readAll(): Promise<Map<string, StoredTenantSettings>> {
    const all = await this.#redis.hgetall(tenantSettingsKey);
    return new Map(Object.entries(all).map(([tenant, json]) => [tenant, settingsOf(json)]));
  }
}

function settingsOf(json: string): StoredTenantSettings {
  const stored = parseStored(settingsSchema, json);
  if (stored === undefined) return 'unreadable';
  const { v: _version, ...settings } = stored;
  return settings;
}
