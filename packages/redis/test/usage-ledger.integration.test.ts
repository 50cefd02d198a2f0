import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { CurrentTenantSettings, TenantSettingsStore } from '../src/tenant-settings/index.ts';
import { AdditionRefusedError, dayOf, UsageLedger, UsageStore } from '../src/usage/index.ts';
import { openSession, stabilityCounts } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();

const noon = Date.parse('2026-11-24T12:00:00Z');
const call = { requests: 1, promptTokens: 100, completionTokens: 20, costMicros: 72 } as const;

function newLedger(
  budgets: { sessionBudgetMicros?: number; tenantBudgetMicros?: number } = {},
  store = new UsageStore(redis),
  settings = new CurrentTenantSettings(new TenantSettingsStore(redis)),
) {
  const errors: unknown[] = [];
  const lost: AdditionRefusedError[] = [];
  const ledger = new UsageLedger({
    store,
    writer: randomUUID(),
    sessionBudgetMicros: budgets.sessionBudgetMicros,
    tenantBudgetMicros: budgets.tenantBudgetMicros,
    settings,
    now: () => noon,
    onError: (error) => errors.push(error),
    onLost: (error) => lost.push(error),
  });
  return { ledger, store, errors, lost };
}

function newPayer() {
  return { sessionId: randomUUID(), tenant: randomUUID() };
}

/** A store whose connection breaks after Redis has executed the command. */
class AnswerLostOnce extends UsageStore {
  lost = 0;

  override async addToDay(...given: Parameters<UsageStore['addToDay']>): ReturnType<UsageStore['addToDay']> {
    const totals = await super.addToDay(...given);
    if (this.lost++ === 0) throw new Error('the answer was lost');
    return totals;
  }
}

describe('the usage of a tenant', () => {
  it('is the sum over all ledgers of a day', async () => {
    const account = newPayer();
    const [one, other] = [newLedger(), newLedger()];
    one.ledger.spent({ ...account, ...call });
    one.ledger.spent({ ...account, ...call, costMicros: undefined });
    other.ledger.spent({ ...account, ...call });
    other.ledger.saved(account, 'cached', 120);
    other.ledger.served(account, 5000);
    await one.ledger[Symbol.asyncDispose]();
    await other.ledger[Symbol.asyncDispose]();
    expect(await one.store.read(account.tenant, '2026-11-24')).toEqual({
      requests: 3,
      promptTokens: 300,
      completionTokens: 60,
      costMicros: 144,
      unpricedTokens: 120,
      'savedTokens:cached': 120,
      'savedTokens:joined': 0,
      'savedTokens:superseded': 0,
      'savedTokens:nothing-new': 0,
      sessionMs: 5000,
    });
    expect(one.errors).toEqual([]);
  });

  it('counts an addition once if its reply was lost', async () => {
    const account = newPayer();
    const { ledger, store, errors } = newLedger({}, new AnswerLostOnce(redis));
    ledger.spent({ ...account, ...call });
    await ledger.flush();
    ledger.spent({ ...account, ...call });
    await ledger.flush();
    await ledger[Symbol.asyncDispose]();
    expect(errors).toHaveLength(1);
    expect(await store.read(account.tenant, dayOf(noon))).toMatchObject({ requests: 2, costMicros: 144 });
  });
});

describe('an amount that Redis cannot add', () => {
  it('is reported and lost, while all other amounts are counted', async () => {
    const { sessionId } = await openSession(redis);
    const account = { sessionId, tenant: randomUUID() };
    const { ledger, store, errors, lost } = newLedger();
    ledger.spent({ ...account, ...call, costMicros: 1e21 });
    await ledger.flush();
    ledger.spent({ ...account, ...call });
    await ledger.flush();
    await ledger.flush();
    expect(await store.read(account.tenant, dayOf(noon))).toMatchObject({
      requests: 2,
      promptTokens: 200,
      completionTokens: 40,
      costMicros: 72,
    });
    const counted = await redis.hmget(`{s:${sessionId}}:session`, 'usageTokens', 'usageCostMicros');
    expect(counted).toEqual(['240', '72']);
    expect(errors).toEqual([]);
    expect(lost.map(({ amounts }) => amounts)).toEqual(
      expect.arrayContaining([{ costMicros: 1e21 }, { usageCostMicros: 1e21 }]),
    );
    expect(lost).toHaveLength(2);
    await ledger[Symbol.asyncDispose]();
  });
});

it('partials are counted for their session, and written at once when it is ending', async () => {
  const { sessionId } = await openSession(redis);
  const { ledger } = newLedger();
  for (let count = 0; count < 3; count++) ledger.partialHandled(sessionId);
  ledger.onEnding(sessionId);
  await ledger.sessionWritten(sessionId);
  expect(await redis.hget(`{s:${sessionId}}:session`, 'usagePartials')).toBe('3');
  await ledger[Symbol.asyncDispose]();
});

it('a rejected addition is not repeated', async () => {
  const tokens: unknown[] = [];
  const refusing = new (class extends UsageStore {
    override addToSession(...[, { amounts }]: Parameters<UsageStore['addToSession']>): Promise<never> {
      tokens.push(amounts.usageTokens);
      return Promise.reject(new AdditionRefusedError(amounts));
    }
  })(redis);
  const { ledger } = newLedger({}, refusing);
  const account = newPayer();
  ledger.spent({ ...account, ...call });
  await ledger.flush();
  ledger.spent({ ...account, ...call, promptTokens: 0 });
  await ledger[Symbol.asyncDispose]();
  expect(tokens).toEqual([120, 20]);
});

describe('the budget status of an account', () => {
  it('includes amounts that are not yet written', async () => {
    const account = newPayer();
    const { ledger } = newLedger({ sessionBudgetMicros: 144 });
    expect(ledger.budgetStatus(account)).toBe('within');
    ledger.spent({ ...account, ...call });
    ledger.spent({ ...account, ...call });
    expect(ledger.budgetStatus(account)).toBe('spent');
    expect(ledger.budgetStatus({ ...account, sessionId: 'another' })).toBe('within');
    await ledger[Symbol.asyncDispose]();
  });

  it('includes what other processes have spent for the tenant', async () => {
    const account = newPayer();
    const [one, other] = [newLedger({ tenantBudgetMicros: 180 }), newLedger({ tenantBudgetMicros: 180 })];
    one.ledger.spent({ ...account, ...call });
    one.ledger.spent({ ...account, ...call });
    await one.ledger.flush();
    expect(other.ledger.budgetStatus(account)).toBe('within');
    await other.ledger.flush();
    expect(other.ledger.budgetStatus(account)).toBe('finals-only');
    await one.ledger[Symbol.asyncDispose]();
    await other.ledger[Symbol.asyncDispose]();
  });
});

describe('the budgets of tenants in Redis', () => {
  it('I49: replace the configured ones; 0 is no limit', async () => {
    const [account, other, unlimited] = [newPayer(), newPayer(), newPayer()];
    const store = new TenantSettingsStore(redis);
    await store.write(account.tenant, { sessionBudgetMicros: 144 });
    await store.write(unlimited.tenant, { sessionBudgetMicros: 0, dailyBudgetMicros: 0 });
    const settings = new CurrentTenantSettings(store);
    await settings.refresh();
    const { ledger } = newLedger({ tenantBudgetMicros: 72 }, undefined, settings);
    for (const payer of [account, other, unlimited]) ledger.spent({ ...payer, ...call });
    const statuses = () => [account, other, unlimited].map((payer) => ledger.budgetStatus(payer));
    expect(statuses()).toEqual(['spent', 'spent', 'within']);
    await store.write(account.tenant, { sessionBudgetMicros: 144, dailyBudgetMicros: 1000 });
    await settings.refresh();
    expect(statuses()).toEqual(['within', 'spent', 'within']);
    ledger.spent({ ...account, ...call });
    expect(statuses()).toEqual(['spent', 'spent', 'within']);
    await ledger[Symbol.asyncDispose]();
  });

  it('I50: do not bring back the usage of a tenant that was deleted', async () => {
    const account = newPayer();
    const { ledger, store } = newLedger({ tenantBudgetMicros: 180 });
    ledger.spent({ ...account, ...call });
    await ledger.flush();
    expect(await store.tenantsOf('2026-11-24')).toContain(account.tenant);
    await store.erase(account.tenant, noon);
    await ledger.flush();
    // The mark keeps away what calls in progress cost. Once it has expired, a read of the sum brings nothing back.
    const day = `usage:${account.tenant}:2026-11-24`;
    expect(await redis.hgetall(day)).toEqual({ erased: '1' });
    await redis.del(day);
    await ledger.flush();
    expect(await redis.keys(`usage:${account.tenant}:*`)).toEqual([]);
    expect(await store.tenantsOf('2026-11-24')).not.toContain(account.tenant);
    await ledger[Symbol.asyncDispose]();
  });
});

describe('the usage of a session', () => {
  it('is written immediately while it ends, including amounts added during a write', async () => {
    const { sessionId } = await openSession(redis);
    const { ledger, errors } = newLedger();
    ledger.onEnding(sessionId);
    for (let calls = 0; calls < 3; calls++) ledger.spent({ sessionId, tenant: 't', ...call });
    await ledger.sessionWritten(sessionId);
    expect(await redis.hmget(`{s:${sessionId}}:session`, 'usageTokens', 'usageCostMicros')).toEqual(['360', '216']);
    await ledger[Symbol.asyncDispose]();
    expect(errors).toEqual([]);
  });

  it("is written before the ending session's next step", async () => {
    const { sessionId } = await openSession(redis);
    const { ledger } = newLedger();
    ledger.onEnding(sessionId);
    ledger.spent({ sessionId, tenant: 't', ...call });
    await ledger.sessionWritten(sessionId); // Redis knows the script.
    ledger.spent({ sessionId, tenant: 't', ...call });
    expect(await redis.hget(`{s:${sessionId}}:session`, 'usageTokens')).toBe('240');
    await ledger[Symbol.asyncDispose]();
  });

  it.each([
    ['does not answer', () => Promise.withResolvers<never>().promise],
    ['refuses', () => Promise.reject(new Error('READONLY'))],
  ])('delays nothing if Redis %s', async (_, addToSession) => {
    const account = newPayer();
    const { ledger } = newLedger({}, Object.assign(new UsageStore(redis), { addToSession }));
    ledger.onEnding(account.sessionId);
    ledger.spent({ ...account, ...call });
    await ledger.sessionWritten(account.sessionId);
    await ledger.sessionWritten('another');
    await ledger[Symbol.asyncDispose]();
  });

  it('creates no hash for a session that no longer exists', async () => {
    const account = newPayer();
    const { ledger, errors } = newLedger();
    ledger.spent({ ...account, ...call });
    await ledger[Symbol.asyncDispose]();
    expect(await redis.exists(`{s:${account.sessionId}}:session`)).toBe(0);
    expect(errors).toEqual([]);
  });
});

it('sums the stability counts of a session over all ledgers, without those that are zero', async () => {
  const { sessionId } = await openSession(redis);
  const [one, other] = [newLedger(), newLedger()];
  for (const { ledger } of [one, one, other]) ledger.stability(sessionId, { ...stabilityCounts, contradictedUnits: 0 });
  await one.ledger[Symbol.asyncDispose]();
  await other.ledger[Symbol.asyncDispose]();
  const hash = await redis.hgetall(`{s:${sessionId}}:session`);
  const sums = Object.entries(hash).filter(([field]) => field.startsWith('stability'));
  expect(Object.fromEntries(sums)).toEqual({
    stabilityFinalUnits: '120',
    stabilityErasedUnits: '24',
    stabilityErasedUnitsAtFinal: '6',
    stabilityCoveredUnits: '90',
    stabilityConcludedUnits: '75',
    stabilityUnitsBehind: '81',
    stabilityRevisions: '54',
  });
  expect([...one.errors, ...other.errors]).toEqual([]);
});

it('closes even if Redis does not reply', async () => {
  const away = new (class extends UsageStore {
    override addToDay(): ReturnType<UsageStore['addToDay']> {
      return Promise.withResolvers<never>().promise;
    }
  })(redis);
  const { ledger } = newLedger({}, away);
  ledger.spent({ ...newPayer(), ...call });
  await ledger[Symbol.asyncDispose]();
});
