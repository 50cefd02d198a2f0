import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Presence, SessionDirectory } from '../src/session/index.ts';
import { openSession } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();
const directory = new SessionDirectory(redis);
const [minute, now] = [60_000, Date.UTC(2030, 0, 1)];

describe('the directory of a tenant', () => {
  it('lists sessions newest first, in pages', async () => {
    const tenant = randomUUID();
    const opened: string[] = [];
    for (let count = 0; count < 5; count++) {
      const { sessionId } = await openSession(redis);
      await directory.add(tenant, sessionId, now + count);
      opened.unshift(sessionId);
    }
    const listed: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await directory.list(tenant, { limit: 2, cursor }, now);
      listed.push(page.sessions.map(({ sessionId }) => sessionId));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(listed.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(listed.flat()).toEqual(opened);
    expect((await directory.list(randomUUID(), { limit: 2 }, now)).sessions).toEqual([]);
  });

  it('keeps an entry whose session is about to be opened, and drops one that was left behind', async () => {
    const tenant = randomUUID();
    await directory.add(tenant, 'left-behind', now);
    const size = () => redis.zcard(`tenant:${tenant}:directory`);
    expect(await directory.list(tenant, { limit: 9 }, now + 2 * minute)).toEqual({
      sessions: [],
      nextCursor: undefined,
    });
    expect(await size()).toBe(1);
    await directory.list(tenant, { limit: 9 }, now + 2 * minute + 1);
    expect(await size()).toBe(0);
  });

  it('stays small if nobody reads it', async () => {
    const tenant = randomUUID();
    const { sessionId } = await openSession(redis);
    await directory.add(tenant, sessionId, now);
    for (let count = 1; count <= 100; count++) await directory.add(tenant, `gone-${count}`, now + count * 3 * minute);
    expect(await redis.zcard(`tenant:${tenant}:directory`)).toBeLessThan(20);
    const { sessions } = await directory.list(tenant, { limit: 100 }, now);
    expect(sessions.map((session) => session.sessionId)).toEqual([sessionId]);
  });
});

describe('describe', () => {
  it('counts the listeners on all edges while they are present', async () => {
    const { sessionId } = await openSession(redis);
    const presence = new Presence(redis);
    const renew = (edge: string, listeners: number) =>
      presence.renewLease({ sessionId, owner: undefined, edge, audience: { listeners, languages: [] }, languages: [] });
    await renew('a', 3);
    await renew('b', 2);
    expect(await directory.describe(sessionId)).toMatchObject({ tenant: 't', listeners: 5, state: 'live' });
    await renew('b', 0);
    expect(await directory.describe(sessionId)).toMatchObject({ listeners: 3 });
    // The lease of a killed edge.
    await redis.hset(`{s:${sessionId}}:audience`, 'a', '3 1');
    expect(await directory.describe(sessionId)).toMatchObject({ listeners: 0 });
  });

  it('tells the languages, the start and the state', async () => {
    const before = Date.now();
    const { sessionId, sessions } = await openSession(redis, { targetLanguages: ['es', 'ca'] });
    const described = await directory.describe(sessionId);
    expect(described).toMatchObject({ sessionId, sourceLanguage: 'en', targetLanguages: ['es', 'ca'], state: 'live' });
    expect(described?.startedAtMs).toBeGreaterThanOrEqual(before - 1);
    expect(described?.startedAtMs).toBeLessThanOrEqual(Date.now());
    await sessions.detach(sessionId, 'owner');
    expect(await directory.describe(sessionId)).toMatchObject({ state: 'disconnected' });
    await sessions.end(sessionId, 'owner', { awaitUsage: true });
    expect(await directory.describe(sessionId)).toMatchObject({ state: 'ending' });
    await sessions.end(sessionId, 'owner');
    expect(await directory.describe(sessionId)).toMatchObject({ state: 'ended' });
    expect(await directory.describe('nobody')).toBeUndefined();
  });
});
