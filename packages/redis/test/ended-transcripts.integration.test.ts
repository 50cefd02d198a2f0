import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SessionInspection } from '../src/schedule/index.ts';
import { EndedTranscripts } from '../src/transcript/ended-transcripts.ts';
import { openSession } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();
const transcripts = new EndedTranscripts(redis);
const kib = 1024;

/** A tenant that may have 160 KiB of transcripts. */
function newTenant() {
  const tenant = randomUUID();
  return {
    add: async (bytes: number) => {
      const sessionId = randomUUID();
      const key = `{s:${sessionId}}:transcript`;
      await redis.xadd(key, '*', 'body', 'x');
      const add = () => transcripts.add({ tenant, sessionId, bytes, retentionMs: 60_000, maxTenantBytes: 160 * kib });
      await add();
      return { add, isKept: async () => (await redis.exists(key)) === 1 };
    },
    total: async () => Number(await redis.hget(`tenant:${tenant}:transcripts`, ':total')),
  };
}

describe('the transcripts of ended sessions', () => {
  it('are removed in the order in which they ended if a tenant has too many', async () => {
    const { add, total } = newTenant();
    const sizes = [50 * kib, 50 * kib, 50 * kib];
    const kept = [];
    for (const size of sizes) kept.push(await add(size));
    expect(await Promise.all(kept.map(({ isKept }) => isKept()))).toEqual([true, true, true]);
    kept.push(await add(20 * kib));
    expect(await Promise.all(kept.map(({ isKept }) => isKept()))).toEqual([false, true, true, true]);
    expect(await total()).toBe(120 * kib);
  });

  it('I19: count once if they are counted again', async () => {
    const { add, total } = newTenant();
    const transcript = await add(100 * kib);
    await transcript.add();
    expect(await total()).toBe(100 * kib);
    expect(await transcript.isKept()).toBe(true);
  });

  it('count at least 16 KiB, and the newest one stays however large it is', async () => {
    const { add, total } = newTenant();
    const [small, large] = [await add(1), await add(500 * kib)];
    expect(await small.isKept()).toBe(false);
    expect(await large.isKept()).toBe(true);
    expect(await total()).toBe(500 * kib);
  });

  it('I42: are counted by the inspection of an ended session', async () => {
    const lifetimes = { tenantTranscriptMaxBytes: 40 * kib };
    const sessions = [await openSession(redis, {}, lifetimes), await openSession(redis, {}, lifetimes)];
    const inspection = new SessionInspection(redis);
    const key = (index: number) => `{s:${sessions[index]?.sessionId ?? ''}}:transcript`;
    for (const session of sessions) {
      await session.settle(1, 'x'.repeat(30 * kib), []);
      await inspection.inspect(session.sessionId, true);
      expect(await redis.exists(key(0))).toBe(1);
      await session.sessions.end(session.sessionId, 'owner');
      await inspection.inspect(session.sessionId, true);
    }
    expect([await redis.exists(key(0)), await redis.exists(key(1))]).toEqual([0, 1]);
  });
});
