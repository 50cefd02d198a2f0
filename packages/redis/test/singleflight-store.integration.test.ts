import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Joined, SharedTranslations } from '@parley/translation';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';
import { CacheStore } from '../src/cache/index.ts';
import { SingleflightStore } from '../src/singleflight/index.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();
const calls = new SingleflightStore(redis, { cached: false });
const caching = new SingleflightStore(redis, { cached: true });

const follow = { mayFollow: true };
const leadOnly = { mayFollow: false };
const text = 'hola';

const joinAs = (
  key: string,
  member: string,
  { mayFollow, kind = 'partial' }: { mayFollow: boolean; kind?: 'partial' | 'final' },
  store: SharedTranslations = calls,
): Promise<Joined> => store.join(key, { member, kind, mayFollow });

/** Simulates the expiry of a leader's lease. */
async function leaderDies(key: string): Promise<void> {
  await redis.hset(`sf:{${key}}`, 'until', 1);
}

describe('a shared call', () => {
  it('is led by the first member; followers and later requests get its result', async () => {
    const key = randomUUID();
    expect(await joinAs(key, 'a', leadOnly)).toEqual({ status: 'lead' });
    expect(await joinAs(key, 'b', follow)).toEqual({ status: 'follow' });
    expect(await joinAs(key, 'c', leadOnly)).toEqual({ status: 'unshared' });
    expect(await joinAs(key, 'a', leadOnly)).toEqual({ status: 'lead' });
    await calls.complete(key, 'partial', text);
    expect(await joinAs(key, 'b', follow)).toEqual({ status: 'completed', text });
    expect(await joinAs(key, 'd', follow)).toEqual({ status: 'completed', text });
    expect(await joinAs(key, 'e', leadOnly)).toEqual({ status: 'unshared' });
  });

  it('is led by a follower after its leader has died or released it', async () => {
    const key = randomUUID();
    await joinAs(key, 'a', leadOnly);
    await joinAs(key, 'b', follow);
    await leaderDies(key);
    expect(await joinAs(key, 'b', follow)).toEqual({ status: 'lead' });
    expect(await joinAs(key, 'c', follow)).toEqual({ status: 'follow' });
    expect(await joinAs(key, 'a', leadOnly)).toEqual({ status: 'unshared' });
    expect(await calls.release(key, 'b', 'always')).toBe('released');
    expect(await joinAs(key, 'c', follow)).toEqual({ status: 'lead' });
  });

  it('is led by a follower after its leader has died and the clock was set back', async () => {
    const key = randomUUID();
    await joinAs(key, 'a', leadOnly);
    await joinAs(key, 'b', follow);
    await redis.hset(`sf:{${key}}`, 'until', Date.now() + 3_600_000);
    expect(await joinAs(key, 'b', follow)).toEqual({ status: 'lead' });
    expect(await joinAs(key, 'c', follow)).toEqual({ status: 'follow' });
  });

  it('keeps a leader with followers and releases it after they have left', async () => {
    const key = randomUUID();
    await joinAs(key, 'a', leadOnly);
    await joinAs(key, 'b', follow);
    expect(await calls.release(key, 'a', 'unless-followed')).toBe('followed');
    await redis.hset(`sf:{${key}}`, 'f:b', 1);
    expect(await calls.release(key, 'a', 'unless-followed')).toBe('released');
    expect(await redis.exists(`sf:{${key}}`)).toBe(1);
    expect(await calls.release(key, 'b', 'always')).toBe('released');
    expect(await redis.exists(`sf:{${key}}`)).toBe(0);
  });

  it('expires with all its fields', async () => {
    const key = randomUUID();
    const short = new SingleflightStore(redis, { cached: false, lifetimes: { memberMs: 20, resultMs: 20 } });
    await joinAs(key, 'a', leadOnly, short);
    await joinAs(key, 'b', follow, short);
    while ((await joinAs(key, 'b', follow, short)).status !== 'lead');
    await short.complete(key, 'partial', text);
    while (await redis.exists(`sf:{${key}}`));
    expect(await joinAs(key, 'c', leadOnly, short)).toEqual({ status: 'lead' });
  });
});

describe('a shared call with the cache', () => {
  it('is not needed for a cached translation, and stores its own in the cache', async () => {
    const key = randomUUID();
    expect(await joinAs(key, 'a', follow, caching)).toEqual({ status: 'lead' });
    expect(await joinAs(key, 'b', follow, caching)).toEqual({ status: 'follow' });
    await caching.complete(key, 'partial', text);
    expect(await joinAs(key, 'b', follow, caching)).toEqual({ status: 'cached', text, ttlClass: 'partial' });
    expect(await redis.exists(`sf:{${key}}`)).toBe(0);
    expect(await joinAs(key, 'a', leadOnly, caching)).toEqual({ status: 'lead' });
    expect(await joinAs(key, 'c', follow, new CacheStore(redis))).toMatchObject({ status: 'cached', text });
  });

  it("turns a partial's cached translation into a final's", async () => {
    const key = randomUUID();
    await caching.complete(key, 'partial', text);
    expect(await redis.pttl(`tr:{${key}}`)).toBeLessThanOrEqual(5 * 60_000);
    await joinAs(key, 'a', { mayFollow: true, kind: 'final' }, caching);
    expect(await redis.pttl(`tr:{${key}}`)).toBeGreaterThan(23 * 3_600_000);
  });

  it("returns a fallback endpoint's result to followers and caches it for minutes", async () => {
    const key = randomUUID();
    await joinAs(key, 'a', follow, caching);
    await caching.complete(key, 'fallback', text);
    expect(await joinAs(key, 'b', { ...follow, kind: 'final' }, caching)).toEqual({
      status: 'cached',
      text,
      ttlClass: 'fallback',
    });
    expect(await redis.pttl(`tr:{${key}}`)).toBeLessThanOrEqual(5 * 60_000);
  });

  it('ignores cached translations if it must not follow', async () => {
    const key = randomUUID();
    await caching.complete(key, 'final', text);
    expect(await joinAs(key, 'a', follow)).toEqual({ status: 'lead' });
  });
});

interface Model {
  leader: string | undefined;
  leaderIsAlive: boolean;
  followers: Set<string>;
  completed: string | undefined;
}

/**
 * Members that join, complete, release and die in random order, with some calls made twice, checked against a model.
 */
async function play(random: () => number): Promise<void> {
  const key = randomUUID();
  const model: Model = { leader: undefined, leaderIsAlive: false, followers: new Set(), completed: undefined };
  const members = ['a', 'b', 'c', 'd', 'e'];
  const any = (): string => members[Math.floor(random() * members.length)] ?? '';
  const twice = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    const first = await call();
    if (random() < 0.3) expect(await call()).toEqual(first);
    return first;
  };
  const join = async (member: string, mayFollow: boolean): Promise<void> => {
    const joined = await twice(() => joinAs(key, member, { mayFollow }));
    if (model.completed !== undefined) {
      expect(joined).toEqual(mayFollow ? { status: 'completed', text: model.completed } : { status: 'unshared' });
    } else if (model.leader === member || !model.leaderIsAlive) {
      expect(joined).toEqual({ status: 'lead' });
      model.followers.delete(member);
      [model.leader, model.leaderIsAlive] = [member, true];
    } else {
      expect(joined).toEqual({ status: mayFollow ? 'follow' : 'unshared' });
      if (mayFollow) model.followers.add(member);
    }
  };
  const release = async (member: string, how: 'always' | 'unless-followed'): Promise<void> => {
    const answer = await twice(() => calls.release(key, member, how));
    model.followers.delete(member);
    const stays = model.leader === member && how === 'unless-followed' && model.followers.size > 0;
    expect(answer).toBe(stays ? 'followed' : 'released');
    if (model.leader === member && !stays) [model.leader, model.leaderIsAlive] = [undefined, false];
  };
  const complete = async (completed: string): Promise<void> => {
    await twice(() => calls.complete(key, 'partial', completed));
    Object.assign(model, { leader: undefined, leaderIsAlive: false, followers: new Set(), completed });
  };
  const die = async (): Promise<void> => {
    if (model.leader === undefined) return;
    await leaderDies(key);
    model.leaderIsAlive = false;
  };

  for (let step = 0; step < 60; step++) {
    const choice = random();
    if (choice < 0.6) await join(any(), random() < 0.7);
    else if (choice < 0.85) await release(any(), random() < 0.5 ? 'always' : 'unless-followed');
    else if (choice < 0.97) await die();
    else await complete(`result ${step}`);
  }
}

describe('shared calls in random order of events', () => {
  it('I19: have one leader, and give every follower the result or the lead', async () => {
    const random = seededRandom(testSeed('shared calls in any order of events'));
    for (let round = 0; round < 40; round++) await play(random);
  });
});
