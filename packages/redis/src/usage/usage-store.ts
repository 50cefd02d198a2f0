import type { RedisConnection } from '../connection/redis-connection.ts';
import { z } from 'zod';
import { retention } from '../retention/retention.ts';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import type { StabilityField } from './stability-amounts.ts';

/** Nothing is added to usage that was erased for as long as ended sessions are kept, which is longer than calls take by default. */
const { usageMs: retentionMs, endedSessionMs: erasedMs } = retention;
/** How often a tenant is added to the list of the day again, in case Redis lost its last writes. */
const relistIntervalMs = 60_000;

/** The usage of a tenant on one day. Money is in millionths of the currency of the price table. */
export const usageFields = [
  'requests',
  'promptTokens',
  'completionTokens',
  'costMicros',
  'unpricedTokens',
  'savedTokens:cached',
  'savedTokens:joined',
  'savedTokens:superseded',
  'savedTokens:nothing-new',
  'sessionMs',
] as const;
export type UsageField = (typeof usageFields)[number];

const usageSchema = z.object(
  Object.fromEntries(usageFields.map((field) => [field, z.coerce.number().default(0)])) as Record<
    UsageField,
    z.ZodDefault<z.ZodCoercedNumber>
  >,
);
/** All fields; missing ones are 0. */
export type Usage = Readonly<Record<UsageField, number>>;

/** An addition. Repeated under the same number, it counts once. */
export interface Addition<Field extends string> {
  readonly writer: string;
  readonly number: number;
  readonly amounts: Readonly<Partial<Record<Field, number>>>;
}

/** The usage fields of a session's hash. */
export type SessionUsageField = 'usagePartials' | 'usageTokens' | 'usageCostMicros' | StabilityField;

/** Redis can never add these amounts: they or their totals are not 64-bit integers. */
export class AdditionRefusedError extends Error {
  override readonly name = 'AdditionRefusedError';
  readonly amounts: Readonly<Record<string, number>>;

  constructor(amounts: Readonly<Record<string, number>>) {
    const parts = Object.entries(amounts).map(([field, amount]) => `${field} ${amount}`);
    super(`amounts cannot be added: ${parts.join(', ')}`);
    this.amounts = amounts;
  }
}

/** The usage of tenants (`usage:TENANT:DAY`) and sessions (fields of the session's hash). */
export class UsageStore {
  readonly #redis: RedisConnection;
  readonly #add: Script;
  /** The tenants that this store has added to the list of a day, and when. */
  #listed = { day: '', atMs: new Map<string, number>() };

  constructor(redis: RedisConnection) {
    this.#redis = redis;
    this.#add = defineScript(redis, 'parleyUsageAdd', new URL('add.lua', import.meta.url));
  }

  /**
   * @returns the totals of the given fields
   * @throws AdditionRefusedError if some amounts can't be added; the others are added
   */
  async addToDay(tenant: string, day: string, addition: Addition<UsageField>): Promise<Map<string, number>> {
    // Nothing is added, only read; a tenant that was deleted meanwhile stays deleted.
    const isRead = Object.values(addition.amounts).every((amount) => amount === 0);
    const totals = await this.#addTo(usageKey(tenant, day), addition, { mustExist: isRead, ttlMs: retentionMs });
    if (!isRead && totals !== undefined) await this.#list(tenant, day);
    return totals ?? new Map();
  }

  /**
   * @returns the totals of the given fields; `undefined` if the session no longer exists
   * @throws AdditionRefusedError as above
   */
  addToSession(sessionId: string, addition: Addition<SessionUsageField>): Promise<Map<string, number> | undefined> {
    return this.#addTo(sessionKeys(sessionId).session, addition, { mustExist: true, ttlMs: undefined });
  }

  async read(tenant: string, day: string): Promise<Usage> {
    return usageSchema.parse(await this.#redis.hgetall(usageKey(tenant, day)));
  }

  /** Returns the cost of a session so far, in millionths of the currency; it is written every ten seconds at least. */
  async costOfSession(sessionId: string): Promise<number> {
    const field: SessionUsageField = 'usageCostMicros';
    return Number((await this.#redis.hget(sessionKeys(sessionId).session, field)) ?? 0);
  }

  /** Returns the tenants with usage on a day, in no particular order. */
  async tenantsOf(day: string): Promise<string[]> {
    return await this.#redis.smembers(tenantsKey(day));
  }

  /**
   * Erases the usage of a tenant. What is added within a minute is dropped, because it is that of calls that were in progress.
   *
   * @param nowMs milliseconds since 1970
   */
  async erase(tenant: string, nowMs: number): Promise<void> {
    // Such a call may have begun yesterday, or end tomorrow.
    const closedDays = [nowMs - erasedMs, nowMs, nowMs + erasedMs].map(dayOf);
    for (let atMs = nowMs + dayMs; atMs > nowMs - retentionMs - dayMs; atMs -= dayMs) {
      const day = dayOf(atMs);
      const key = usageKey(tenant, day);
      const transaction = this.#redis.multi().del(key);
      if (closedDays.includes(day)) transaction.hset(key, 'erased', 1).pexpire(key, erasedMs);
      await transaction.exec();
      await this.#redis.srem(tenantsKey(day), tenant);
    }
  }

  async #list(tenant: string, day: string): Promise<void> {
    if (this.#listed.day !== day) this.#listed = { day, atMs: new Map() };
    const { atMs } = this.#listed;
    const nowMs = performance.now();
    if (nowMs - (atMs.get(tenant) ?? -Infinity) < relistIntervalMs) return;
    await Promise.all([this.#redis.sadd(tenantsKey(day), tenant), this.#redis.pexpire(tenantsKey(day), retentionMs)]);
    atMs.set(tenant, nowMs);
  }

  async #addTo(
    key: string,
    { writer, number, amounts }: Addition<string>,
    { mustExist, ttlMs }: { readonly mustExist: boolean; readonly ttlMs: number | undefined },
  ): Promise<Map<string, number> | undefined> {
    const fields = Object.keys(amounts);
    const pairs = fields.flatMap((field) => [field, amounts[field] ?? 0]);
    const [rawStatus, ...totals] = asStrings(
      await this.#add([key], [writer, number, mustExist ? 1 : 0, ttlMs ?? '', ...pairs]),
    );
    if (asStatus(rawStatus, ['added', 'gone']) === 'gone') return undefined;
    const refused = fields.filter((_field, index) => totals[index] === '');
    if (refused.length > 0) {
      throw new AdditionRefusedError(Object.fromEntries(refused.map((field) => [field, amounts[field] ?? 0])));
    }
    return new Map(fields.map((field, index) => [field, Number(totals[index])]));
  }
}

function usageKey(tenant: string, day: string): string {
  return `usage:${tenant}:${day}`;
}

/** Tenant names contain no colon, so this key can't collide with a tenant's. */
function tenantsKey(day: string): string {
  return `usage:of:${day}:tenants`;
}

const dayMs = 24 * 3600 * 1000;
/** The latest result, since every engine call needs it. */
let lastDay = { number: NaN, name: '' };

/** Returns the UTC date, such as `2026-11-24`. @param nowMs milliseconds since 1970 */
export function dayOf(nowMs: number): string {
  const number = Math.floor(nowMs / dayMs);
  if (number !== lastDay.number) lastDay = { number, name: new Date(nowMs).toISOString().slice(0, 10) };
  return lastDay.name;
}
