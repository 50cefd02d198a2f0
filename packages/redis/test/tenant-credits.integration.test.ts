import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SessionInspection } from '../src/schedule/index.ts';
import { minCreditBytes, TenantCredits } from '../src/tenant/index.ts';
import { openSession } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();
const credits = new TenantCredits(redis);

function newTenant(maxBytes: number) {
  const tenant = randomUUID();
  const key = `tenant:${tenant}:credits`;
  return {
    tenant,
    reserve: (session: string, bytes: number) => credits.reserve(tenant, session, bytes, maxBytes),
    report: (session: string, bytes: number) => credits.report(tenant, session, bytes),
    total: async () => Number((await redis.hget(key, ':total')) ?? 0),
    /** Changes the times of a reservation to `msAgo`, and permits another look for expired ones. */
    age: async (session: string, { leaseMs = 3_600_000, changedMsAgo = 0 }) => {
      const [bytes] = ((await redis.hget(key, session)) ?? '').split(' ');
      await redis.hset(key, session, `${bytes} ${Date.now() + leaseMs} ${Date.now() - changedMsAgo}`);
      await redis.hdel(key, ':checkedAt');
    },
  };
}

describe("the credits of a tenant's sessions", () => {
  it('I47: are reserved up to its quota, and not in part', async () => {
    const { reserve, total } = newTenant(100);
    expect(await reserve('a', 60)).toBe('reserved');
    expect(await reserve('b', 50)).toBe('full');
    expect(await reserve('b', 40)).toBe('reserved');
    expect(await reserve('a', 61)).toBe('full');
    expect(await total()).toBe(100);
  });

  it('I19: are the same if they are reserved again', async () => {
    const { reserve, total } = newTenant(100);
    for (let time = 0; time < 2; time++) expect(await reserve('a', 80)).toBe('reserved');
    expect(await reserve('a', 50)).toBe('reserved');
    expect(await total()).toBe(80);
  });

  it('are free again when the session reports less, or its end', async () => {
    const { reserve, report, age, total } = newTenant(100);
    await reserve('a', 60);
    await reserve('b', 40);
    await age('a', { changedMsAgo: 11_000 });
    await report('a', 30);
    await report('b', 0);
    expect(await total()).toBe(30);
    expect(await reserve('c', 70)).toBe('reserved');
  });

  it('I47: stay for a final that is on its way when the session reports less', async () => {
    const { reserve, report, total } = newTenant(100);
    await reserve('a', 60);
    await report('a', 30);
    expect(await total()).toBe(60);
  });

  it('end with their lease', async () => {
    const { reserve, age } = newTenant(100);
    await reserve('a', 60);
    await reserve('b', 40);
    await age('a', { leaseMs: -1 });
    expect(await reserve('c', 50)).toBe('reserved');
    expect(await reserve('d', 11)).toBe('full');
  });

  it('are counted again from the reports of sessions after Redis has lost them', async () => {
    const { reserve, report, total } = newTenant(100);
    await report('a', 70);
    expect(await total()).toBe(70);
    expect(await reserve('b', 40)).toBe('full');
  });
});

describe('the inspection of a session', () => {
  it('I47: reports its credit and the size of its options, and gives back what is not needed any more', async () => {
    const session = await openSession(redis);
    const sessionKey = `{s:${session.sessionId}}:session`;
    const options = (await redis.hget(sessionKey, 'options'))?.length ?? 0;
    const large = { maxBytes: 1e6, creditBytes: 1e6 };
    await session.settle(1, 'x'.repeat(100_000), ['es'], large);
    const inspection = new SessionInspection(redis);
    const reported = async () => {
      await redis.hdel(sessionKey, 'creditCheckedAt');
      await inspection.inspect(session.sessionId, true);
      const [bytes] = ((await redis.hget('tenant:t:credits', session.sessionId)) ?? '').split(' ');
      return Number(bytes);
    };
    expect(await reported()).toBe(2 * 64 * 1024 + options);
    await session.resolve(1);
    expect(await reported()).toBe(minCreditBytes + options);
    await session.sessions.end(session.sessionId, 'owner');
    expect(await reported()).toBe(0);
  });
});
