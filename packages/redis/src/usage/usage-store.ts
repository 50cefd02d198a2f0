import type { Redis } from 'ioredis';
import { z } from 'zod';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { AdditionRefusedError } from './addition-refused-error.ts';

/** Usage is kept for thirteen months: a month can be compared with the same one of the year before. */
const keptForMs = 400 * 24 * 60 * 60 * 1000;
/** How often a tenant is put on its day's list again: a Redis that lost its last writes may lack it. */
const listEveryMs = 60_000;

/** What is counted of a tenant in a day. Money is in millionths of the price table's currency. */
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
/** All that was counted; what never happened is 0. */
export type Usage = Readonly<Record<UsageField, number>>;

/** One addition; sent again under the same number, it counts once. */
export interface Addition<Field extends string> {
  readonly writer: string;
  readonly number: number;
  readonly amounts: Readonly<Partial<Record<Field, number>>>;
}

/** What a session is counted for in its own hash. */
export type SessionUsageField = 'usageTokens' | 'usageCostMicros';

/** What tenants and sessions use: `usage:TENANT:DAY`, and fields of the session's hash. */
export class UsageStore {
  readonly #redis: Redis;
  readonly #add: Script;
  /** The tenants that this store has put on the list of a day, and when. */
  #listed = { day: '', atMs: new Map<string, number>() };

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#add = defineScript(redis, 'parleyUsageAdd', new URL('add.lua', import.meta.url));
  }

  /**
   * @returns the totals of the fields that were named
   * @throws AdditionRefusedError where amounts can't be added, now or later; the others are
   */
  async addToDay(tenant: string, day: string, addition: Addition<UsageField>): Promise<Map<string, number>> {
    const [totals] = await Promise.all([
      this.#addTo(usageKey(tenant, day), addition, { mustExist: false, lifeMs: keptForMs }),
      this.#list(tenant, day),
    ]);
    return totals ?? new Map();
  }

  /**
   * @returns the totals of the fields that were named; `undefined` where the session is gone
   * @throws AdditionRefusedError as above
   */
  addToSession(sessionId: string, addition: Addition<SessionUsageField>): Promise<Map<string, number> | undefined> {
    return this.#addTo(sessionKeys(sessionId).session, addition, { mustExist: true, lifeMs: undefined });
  }

  async read(tenant: string, day: string): Promise<Usage> {
    return usageSchema.parse(await this.#redis.hgetall(usageKey(tenant, day)));
  }

  /** The tenants that used something on a day, in no order. */
  async tenantsOf(day: string): Promise<string[]> {
    return await this.#redis.smembers(tenantsKey(day));
  }

  async #list(tenant: string, day: string): Promise<void> {
    if (this.#listed.day !== day) this.#listed = { day, atMs: new Map() };
    const { atMs } = this.#listed;
    const nowMs = performance.now();
    if (nowMs - (atMs.get(tenant) ?? -Infinity) < listEveryMs) return;
    await Promise.all([this.#redis.sadd(tenantsKey(day), tenant), this.#redis.pexpire(tenantsKey(day), keptForMs)]);
    atMs.set(tenant, nowMs);
  }

  async #addTo(
    key: string,
    { writer, number, amounts }: Addition<string>,
    { mustExist, lifeMs }: { readonly mustExist: boolean; readonly lifeMs: number | undefined },
  ): Promise<Map<string, number> | undefined> {
    const fields = Object.keys(amounts);
    const pairs = fields.flatMap((field) => [field, amounts[field] ?? 0]);
    const [word, ...totals] = asStrings(
      await this.#add([key], [writer, number, mustExist ? 1 : 0, lifeMs ?? '', ...pairs]),
    );
    if (asStatus(word, ['added', 'gone']) === 'gone') return undefined;
    const refused = fields.filter((_field, index) => totals[index] === '');
    if (refused.length > 0) {
      throw new AdditionRefusedError(Object.fromEntries(refused.map((field) => [field, amounts[field] ?? 0])));
    }
    return new Map(fields.map((field, index) => [field, Number(totals[index])]));
  }
}

/** @param day as `dayOf` gives it */
function usageKey(tenant: string, day: string): string {
  return `usage:${tenant}:${day}`;
}

/** No tenant has this name: names hold no colon. */
function tenantsKey(day: string): string {
  return `usage:of:${day}:tenants`;
}

const dayMs = 24 * 3600 * 1000;
/** The day asked for last: it is asked for with every call of an engine. */
let lastDay = { number: NaN, name: '' };

/** The day of a moment in UTC, such as `2026-11-24`. @param nowMs milliseconds since 1970 */
export function dayOf(nowMs: number): string {
  const number = Math.floor(nowMs / dayMs);
  if (number !== lastDay.number) lastDay = { number, name: new Date(nowMs).toISOString().slice(0, 10) };
  return lastDay.name;
}
