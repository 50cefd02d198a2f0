import { describe, expect, it } from '@jest/globals';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';
import { LogReader } from '../src/log/index.ts';
import { finalCost, PendingStore } from '../src/pending/index.ts';
import { SessionInspection } from '../src/schedule/index.ts';
import { metadata, openSession, type TestSession } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();

/** What one final of the fixture counts for each target. */
const costOf = (text: string): number =>
  finalCost({
    ...{ sessionId: 's', connection: 'c', segmentId: 1, text, metadata, targets: ['es'] },
    ...{ listenerTargets: [], listenersOnly: [], copies: [] },
  });

const cost = costOf('x');
const quotaOf = (finals: number) => ({ maxBytes: finals * cost, creditBytes: finals * cost });
const field = async ({ sessionId }: TestSession, name: string) =>
  Number((await redis.hget(`{s:${sessionId}}:session`, name)) ?? 0);

/** What is stored for a session; a hash that is copied bytewise may have another order. */
async function everythingOf({ sessionId }: TestSession): Promise<Record<string, unknown>> {
  const keys = (await redis.keys(`{s:${sessionId}}*`)).sort();
  const values = await Promise.all(
    keys.map(async (key) => {
      const isHash = (await redis.type(key)) === 'hash';
      return [key, await (isHash ? redis.hgetall(key) : redis.dumpBuffer(key))] as const;
    }),
  );
  return Object.fromEntries(values);
}

async function results(sessionId: string): Promise<string[]> {
  const entries = await new LogReader(redis).readAfter(sessionId, 0, 10_000);
  return entries.flatMap(({ entry }) => (entry?.type === 'translation' ? [entry.text] : []));
}

describe('the quota of outstanding finals', () => {
  it('I47: refuses what exceeds it without storing anything, and accepts it afterwards', async () => {
    const session = await openSession(redis);
    for (const id of [1, 2, 3])
      expect(await session.settle(id, 'x', ['es'], quotaOf(3))).toMatchObject({ status: 'accepted' });
    const before = await everythingOf(session);
    expect(await session.settle(4, 'x', ['es'], quotaOf(3))).toEqual({
      ...{ status: 'full', outstandingBytes: 3 * cost, excessBytes: cost },
    });
    expect(await everythingOf(session)).toEqual(before);
    await session.resolve(2);
    expect(await session.settle(4, 'x', ['es'], quotaOf(3))).toMatchObject({ status: 'accepted' });
    for (const id of [1, 3, 4]) expect(await session.resolve(id)).toBe('resolved');
    expect(await field(session, 'outstandingBytes')).toBe(0);
  });

  it('I47: accepts a final again that it has accepted, even if it is reached', async () => {
    const session = await openSession(redis);
    await session.settle(1, 'x', ['es'], quotaOf(1));
    expect(await session.settle(1, 'x', ['es'], quotaOf(1))).toMatchObject({ status: 'accepted' });
    expect(await field(session, 'outstandingBytes')).toBe(cost);
  });

  it('counts the text once for each target', async () => {
    const session = await openSession(redis, { targetLanguages: ['es', 'ca', 'fr'] });
    const text = 'x'.repeat(5000);
    await session.settle(1, text, ['es', 'ca', 'fr']);
    expect(await field(session, 'outstandingBytes')).toBe(3 * costOf(text));
    await session.resolve(1, 'ca');
    expect(await field(session, 'outstandingBytes')).toBe(2 * costOf(text));
  });

  it('accepts one final however large it is, while nothing is outstanding', async () => {
    const session = await openSession(redis);
    const tiny = { maxBytes: 1, creditBytes: 1 };
    expect(await session.settle(1, 'x'.repeat(9000), ['es'], tiny)).toMatchObject({ status: 'accepted' });
    expect(await session.settle(2, 'x', ['es'], tiny)).toMatchObject({ status: 'full' });
  });

  it('I47: needs credit for more than is reserved, and remembers what was reserved', async () => {
    const session = await openSession(redis);
    const reserved = (creditBytes: number) => ({ maxBytes: 9 * cost, creditBytes });
    await session.settle(1, 'x', ['es'], reserved(cost));
    const before = await everythingOf(session);
    const needed = { status: 'credit', neededBytes: 2 * cost, outstandingBytes: cost };
    expect(await session.settle(2, 'x', ['es'], reserved(cost))).toEqual(needed);
    expect(await everythingOf(session)).toEqual(before);
    expect(await session.settle(2, 'x', ['es'], reserved(3 * cost))).toMatchObject({ status: 'accepted' });
    expect(await session.settle(3, 'x', ['es'], reserved(cost))).toMatchObject({ status: 'accepted' });
  });

  it('I47: refuses finals far ahead of an unresolved one, also those that need no engine', async () => {
    const session = await openSession(redis);
    const many = Array.from({ length: 512 }, (_, index) => index + 1);
    await Promise.all(many.map((id) => session.settle(id)));
    await Promise.all(many.slice(1).map((id) => session.resolve(id)));
    expect(await session.settle(513)).toMatchObject({ status: 'full', excessBytes: 0 });
    await session.resolve(1);
    expect(await session.settle(513)).toMatchObject({ status: 'accepted' });
    expect(await results(session.sessionId)).toHaveLength(512);
  });

  it('I47: counts the results of an ordered session that need no engine, since they are buffered behind others', async () => {
    const session = await openSession(redis, { ordered: true, targetLanguages: ['es', 'ca'] });
    const quota = { maxBytes: 50_000, creditBytes: 50_000 };
    const copied = (segmentId: number, targetLanguage: string) => {
      const text = `${targetLanguage} ${segmentId}`.padEnd(9000, '.');
      const copy = { ...metadata, type: 'translation' as const, segmentId, targetLanguage, text, cached: false };
      return session.pending.settle(
        {
          ...{ sessionId: session.sessionId, connection: 'owner', segmentId, text, metadata, targets: [] },
          ...{ listenerTargets: [], listenersOnly: [], copies: [{ ...copy, queueMs: 0, engineMs: 0 }] },
        },
        quota,
      );
    };
    await session.settle(1, 'x', ['es'], quota);
    let next = 2;
    while ((await copied(next, 'es')).status === 'accepted' && next < 50) next++;
    expect(await copied(next, 'es')).toMatchObject({ status: 'full' });
    expect(await field(session, 'outstandingBytes')).toBeLessThanOrEqual(50_000);
    // Nothing is buffered in the other language.
    expect(await copied(100, 'ca')).toMatchObject({ status: 'accepted' });
    expect(await session.resolve(1)).toBe('resolved');
    expect(await copied(next, 'es')).toMatchObject({ status: 'accepted' });
    expect(await field(session, 'outstandingBytes')).toBe(0);
  });

  it('I47: needs credit for results that are buffered', async () => {
    const session = await openSession(redis, { ordered: true });
    await session.settle(1, 'x', ['es'], quotaOf(1));
    const copy = {
      ...metadata,
      type: 'translation' as const,
      segmentId: 2,
      targetLanguage: 'es',
      text: 'y'.repeat(5000),
    };
    const settled = await session.pending.settle(
      {
        ...{ sessionId: session.sessionId, connection: 'owner', segmentId: 2, text: 'y', metadata, targets: [] },
        ...{ listenerTargets: [], listenersOnly: [], copies: [{ ...copy, cached: false, queueMs: 0, engineMs: 0 }] },
      },
      { maxBytes: 1e6, creditBytes: 2 * cost },
    );
    expect(settled).toMatchObject({ status: 'credit' });
  });

  it('I8: appends many buffered results in order, in several steps', async () => {
    const session = await openSession(redis, { ordered: true });
    const many = Array.from({ length: 300 }, (_, index) => index + 1);
    for (const id of many) await session.settle(id);
    for (const id of many.slice(1).reverse()) await session.resolve(id);
    expect(await results(session.sessionId)).toEqual([]);
    expect(await field(session, 'outstandingBytes')).toBeGreaterThan(cost);
    await session.sessions.end(session.sessionId, 'owner');
    await session.resolve(1);
    expect(await results(session.sessionId)).toEqual(many.map((id) => `es ${id}`));
    expect(await field(session, 'outstandingBytes')).toBe(0);
    expect(await redis.hget(`{s:${session.sessionId}}:session`, 'state')).toBe('ended');
  });

  it('I47: an inspection appends buffered results that a dead worker has left, before the session ends', async () => {
    const session = await openSession(redis, { ordered: true });
    const many = Array.from({ length: 200 }, (_, index) => index + 1);
    for (const id of many) await session.settle(id);
    for (const id of many.slice(1)) await session.resolve(id);
    await session.sessions.end(session.sessionId, 'owner');
    // The worker dies after its first call.
    const dying = new Proxy(redis, {
      get: (target, name) =>
        name === 'parleyFlush' ? () => Promise.reject(new Error('killed')) : (Reflect.get(target, name) as unknown),
    });
    const result = { ...metadata, type: 'translation' as const, segmentId: 1, targetLanguage: 'es', text: 'es 1' };
    await expect(
      new PendingStore(dying).resolve(session.segmentTarget(1), { ...result, cached: false, queueMs: 0, engineMs: 0 }),
    ).rejects.toThrow('killed');
    const inspection = new SessionInspection(redis);
    let inspected = await inspection.inspect(session.sessionId, true);
    while (inspected.state !== 'ended') inspected = await inspection.inspect(session.sessionId, true);
    expect(await results(session.sessionId)).toEqual(many.map((id) => `es ${id}`));
  });

  it('I3: a session ends whose finals an edge of an earlier version accepted without counting their bytes', async () => {
    const session = await openSession(redis, { targetLanguages: ['es', 'ca'] });
    await session.settle(1, 'x', ['es', 'ca']);
    await redis.hdel(`{s:${session.sessionId}}:pending`, 'cost 1');
    await redis.hdel(`{s:${session.sessionId}}:session`, 'outstandingBytes');
    await session.sessions.end(session.sessionId, 'owner');
    for (const target of ['es', 'ca']) expect(await session.resolve(1, target)).toBe('resolved');
    expect(await field(session, 'outstanding')).toBe(0);
    expect(await redis.hget(`{s:${session.sessionId}}:session`, 'state')).toBe('ended');
  });

  it('forgets the numbers of languages that are no longer used', async () => {
    const session = await openSession(redis);
    for (let id = 1; id <= 300; id++) {
      await session.settle(id, 'x', [`es-x-l${id}`]);
      await session.resolve(id, `es-x-l${id}`);
    }
    expect(await redis.hlen(`{s:${session.sessionId}}:pending`)).toBeLessThan(2 * 260);
    await session.settle(301, 'x', ['es-x-l1']);
    expect(await session.resolve(301, 'es-x-l1')).toBe('resolved');
  });

  it('I47, I8: a client that repeats what is refused loses, doubles and reorders nothing', async () => {
    const random = seededRandom(testSeed('outstanding quota'));
    const below = (limit: number) => Math.floor(random() * limit);
    const session = await openSession(redis, { ordered: true, targetLanguages: ['es', 'ca'] });
    const quota = { maxBytes: 12 * cost, creditBytes: 12 * cost };
    const unresolved: { id: number; target: string }[] = [];
    const total = 120;
    let [next, refused] = [1, 0];
    while (next <= total || unresolved.length > 0) {
      if (next <= total && random() < 0.6) {
        const text = 'x'.repeat(1 + below(3000));
        const result = await session.settle(next, text, ['es', 'ca'], quota);
        if (result.status !== 'accepted') {
          expect(['full', 'credit']).toContain(result.status);
          refused++;
        } else {
          for (const target of ['es', 'ca']) unresolved.push({ id: next, target });
          next++;
        }
      } else if (unresolved.length > 0) {
        const [resolved] = unresolved.splice(below(unresolved.length), 1);
        if (resolved !== undefined) await session.resolve(resolved.id, resolved.target);
      }
      expect(await field(session, 'outstandingBytes')).toBeGreaterThanOrEqual(unresolved.length * cost);
    }
    expect(refused).toBeGreaterThan(0);
    const shown = await results(session.sessionId);
    for (const target of ['es', 'ca']) {
      const own = shown.filter((text) => text.startsWith(target));
      expect(own).toEqual(Array.from({ length: total }, (_, index) => `${target} ${index + 1}`));
    }
    expect(await field(session, 'outstandingBytes')).toBe(0);
    expect(await field(session, 'outstanding')).toBe(0);
  });
});
