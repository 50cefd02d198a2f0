import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { LogReader } from '../src/log/index.ts';
import { SessionInspection } from '../src/schedule/index.ts';
import { listenForSessionEnds, UsageLedger, UsageStore } from '../src/usage/index.ts';
import { openSession, stabilityCounts } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();

const noon = Date.parse('2026-11-24T12:00:00Z');
const call = { requests: 1, promptTokens: 100, completionTokens: 20, costMicros: 72 } as const;

function openLedger(connection: Redis) {
  return new UsageLedger({
    store: new UsageStore(connection),
    writer: randomUUID(),
    sessionBudgetMicros: undefined,
    tenantBudgetMicros: undefined,
    now: () => noon,
    onError: () => undefined,
    onLost: (error) => {
      throw error;
    },
  });
}

async function openSessions(count: number): Promise<string[]> {
  const opened = await Promise.all(Array.from({ length: count }, () => openSession(redis)));
  return opened.map(({ sessionId }) => sessionId);
}

/** The number of scripts that Redis has run since the last reset of its statistics. */
async function scriptCalls(): Promise<number> {
  const stats = await redis.info('commandstats');
  return [...stats.matchAll(/^cmdstat_eval(?:sha)?:calls=(\d+)/gm)].reduce((sum, [, calls]) => sum + Number(calls), 0);
}

const stabilityOf = async (sessionId: string) =>
  await redis.hmget(`{s:${sessionId}}:session`, 'stabilityErasedUnits', 'stabilityRevisions');

const tokensOf = async (sessionId: string) => Number(await redis.hget(`{s:${sessionId}}:session`, 'usageTokens'));

it('writes a thousand results of ten sessions in one call per session and two per tenant', async () => {
  const sessions = await openSessions(10);
  const tenant = randomUUID();
  const ledger = openLedger(redis);
  await redis.config('RESETSTAT');
  for (let result = 0; result < 1000; result++) {
    const sessionId = sessions[result % sessions.length] ?? '';
    ledger.spent({ sessionId, tenant, ...call });
    await ledger.sessionWritten(sessionId);
  }
  expect(await scriptCalls()).toBe(0);
  await ledger[Symbol.asyncDispose]();
  expect(await scriptCalls()).toBeLessThanOrEqual(12);
  expect(await Promise.all(sessions.map(tokensOf))).toEqual(sessions.map(() => 12_000));
  expect(await new UsageStore(redis).read(tenant, '2026-11-24')).toMatchObject({ requests: 1000, costMicros: 72_000 });
  expect(await new UsageStore(redis).tenantsOf('2026-11-24')).toContain(tenant);
});

it('I50: drops what calls in progress have cost a tenant whose usage was erased, for a minute', async () => {
  const [tenant, other] = [randomUUID(), randomUUID()];
  const store = new UsageStore(redis);
  const ledger = openLedger(redis);
  const spend = async (): Promise<void> => {
    for (const each of [tenant, other]) ledger.spent({ sessionId: 's', tenant: each, ...call });
    await ledger.flush();
  };
  await spend();
  await store.erase(tenant, noon);
  await spend();
  expect(await store.read(tenant, '2026-11-24')).toMatchObject({ requests: 0, costMicros: 0 });
  expect(await store.tenantsOf('2026-11-24')).not.toContain(tenant);
  expect(await store.read(other, '2026-11-24')).toMatchObject({ requests: 2 });
  const left = await redis.keys(`usage:${tenant}:*`);
  expect(left).toEqual([`usage:${tenant}:2026-11-24`]);
  expect(await redis.pttl(left[0] ?? '')).toBeGreaterThan(0);
  expect(await redis.pttl(left[0] ?? '')).toBeLessThanOrEqual(60_000);
  // A minute later.
  await redis.del(left);
  await spend();
  expect(await store.read(tenant, '2026-11-24')).toMatchObject({ requests: 1 });
  await ledger[Symbol.asyncDispose]();
});

it('keeps sums exact if connections break during writes', async () => {
  const sessions = await openSessions(5);
  const tenant = randomUUID();
  const ledgers = [server.connect(), server.connect()].map((connection) => ({
    connection,
    ledger: openLedger(connection),
  }));
  for (let round = 0; round < 20; round++) {
    for (const { connection, ledger } of ledgers) {
      for (const sessionId of sessions) {
        ledger.spent({ sessionId, tenant, ...call });
        ledger.stability(sessionId, stabilityCounts);
      }
      const id = await connection.client('ID');
      const written = ledger.flush();
      await redis.client('KILL', 'ID', String(id));
      await written;
    }
  }
  for (const { ledger } of ledgers) await ledger[Symbol.asyncDispose]();
  expect(await Promise.all(sessions.map(tokensOf))).toEqual(sessions.map(() => 2 * 20 * 120));
  expect(await Promise.all(sessions.map(stabilityOf))).toEqual(sessions.map(() => ['320', '720']));
  expect(await new UsageStore(redis).read(tenant, '2026-11-24')).toMatchObject({ requests: 200, costMicros: 200 * 72 });
});

it('keeps memory constant while Redis is unreachable', async () => {
  const sent: unknown[] = [];
  const store = Object.assign(new UsageStore(redis), {
    addToDay: (...given: unknown[]) => (sent.push(given), Promise.withResolvers<never>().promise),
    addToSession: (...given: unknown[]) => (sent.push(given), Promise.withResolvers<never>().promise),
  });
  const ledger = new UsageLedger({
    store,
    writer: 'w',
    sessionBudgetMicros: 1,
    tenantBudgetMicros: 1,
    now: () => noon,
    onError: () => undefined,
    onLost: () => undefined,
  });
  for (let round = 0; round < 100; round++) {
    ledger.spent({ sessionId: 's', tenant: 't', ...call });
    void ledger.flush();
  }
  expect(sent).toHaveLength(2);
  await ledger[Symbol.asyncDispose]();
});

describe('an ending session', () => {
  async function endedEntry(sessionId: string) {
    const entries = await new LogReader(redis).readAfter(sessionId, 0);
    return entries.map(({ entry }) => entry).find((entry) => entry?.type === 'ended');
  }

  const endedTokens = async (sessionId: string) => (await endedEntry(sessionId))?.usage.tokens;

  async function listeningLedgers(count: number): Promise<UsageLedger[]> {
    return await Promise.all(
      Array.from({ length: count }, async () => {
        const ledger = openLedger(redis);
        await listenForSessionEnds(server.connect(), ledger);
        return ledger;
      }),
    );
  }

  /** Resolves when the session's hash contains the whole usage. */
  async function writtenTokens(sessionId: string, tokens: number): Promise<void> {
    while ((await tokensOf(sessionId)) < tokens);
  }

  it('is announced by its owner, and every ledger writes its amounts immediately from then on', async () => {
    const { sessionId, sessions, settle, resolve } = await openSession(redis);
    const [one, other] = await listeningLedgers(2);
    if (one === undefined || other === undefined) throw new Error('two were asked for');
    one.spent({ sessionId, tenant: 't', ...call });
    other.spent({ sessionId, tenant: 't', ...call });
    await settle(1);
    expect(await sessions.end(sessionId, 'owner', { awaitUsage: true })).toBe('ending');
    // The last final does not end the session before its usage is written.
    await resolve(1);
    expect(await endedTokens(sessionId)).toBeUndefined();
    await writtenTokens(sessionId, 240);
    one.spent({ sessionId, tenant: 't', ...call });
    await one.sessionWritten(sessionId);
    expect(await sessions.end(sessionId, 'owner')).toBe('ended');
    expect(await endedTokens(sessionId)).toBe(360);
    await Promise.all([one, other].map((ledger) => ledger[Symbol.asyncDispose]()));
  });

  it('reports the stability counts of its segments', async () => {
    const { sessionId, sessions, settle, resolve } = await openSession(redis);
    const ledger = openLedger(redis);
    ledger.stability(sessionId, stabilityCounts);
    await settle(1);
    expect(await sessions.end(sessionId, 'owner')).toBe('ending');
    ledger.onEnding(sessionId);
    ledger.stability(sessionId, stabilityCounts);
    await ledger.sessionWritten(sessionId);
    await resolve(1);
    const sums = Object.entries(stabilityCounts).map(([name, count]) => [name, 2 * count]);
    expect((await endedEntry(sessionId))?.stability).toEqual(Object.fromEntries(sums));
    await ledger[Symbol.asyncDispose]();
  });

  it.each([
    ['no counts', {}, undefined],
    [
      'one count other than zero',
      { stabilityFinalUnits: 3 },
      { ...Object.fromEntries(Object.keys(stabilityCounts).map((name) => [name, 0])), finalUnits: 3 },
    ],
  ])('reports the stability of a session with %s', async (_what, amounts, stability) => {
    const { sessionId, sessions } = await openSession(redis);
    await new UsageStore(redis).addToSession(sessionId, { writer: 'w', number: 1, amounts });
    await sessions.end(sessionId, 'owner');
    const ended = await endedEntry(sessionId);
    expect(ended?.usage).toBeDefined();
    expect(ended?.stability).toEqual(stability);
  });

  it('is ended by the sweeper without its edge, after usage could be written', async () => {
    const { sessionId, sessions } = await openSession(redis);
    const [ledger] = await listeningLedgers(1);
    ledger?.spent({ sessionId, tenant: 't', ...call });
    await sessions.end(sessionId, 'owner', { awaitUsage: true });
    const inspection = new SessionInspection(redis);
    const visit = await inspection.inspect(sessionId, true);
    expect(visit).toMatchObject({ state: 'ending' });
    await writtenTokens(sessionId, 120);
    await redis.hset(`{s:${sessionId}}:session`, 'closedAt', 0);
    expect(await inspection.inspect(sessionId, true)).toMatchObject({ state: 'ended' });
    expect(await endedTokens(sessionId)).toBe(120);
    await ledger?.[Symbol.asyncDispose]();
  });
});
