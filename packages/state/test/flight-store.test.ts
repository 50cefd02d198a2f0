import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Joined } from '@parley/translation';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';
import { CacheStore, FlightStore } from '../src/index.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();
const flights = new FlightStore(redis, { cached: false });
const caching = new FlightStore(redis, { cached: true });

const follow = { mayFollow: true };
const leadOnly = { mayFollow: false };
const text = 'hola';

const joinAs = (
  key: string,
  member: string,
  { mayFollow, kind = 'partial' }: { mayFollow: boolean; kind?: 'partial' | 'final' },
  store = flights,
): Promise<Joined> => store.join(key, { member, kind, mayFollow });

/** What time does to a leader that isn't heard of any more. */
async function leaderDies(key: string): Promise<void> {
  await redis.hset(`sf:{${key}}`, 'until', 1);
}

describe('a flight', () => {
  it('is led by the first; the others follow until it lands, and whoever comes soon after gets its result', async () => {
    const key = randomUUID();
    expect(await joinAs(key, 'a', leadOnly)).toEqual({ status: 'lead' });
    expect(await joinAs(key, 'b', follow)).toEqual({ status: 'follow' });
    expect(await joinAs(key, 'c', leadOnly)).toEqual({ status: 'alone' });
    expect(await joinAs(key, 'a', leadOnly)).toEqual({ status: 'lead' });
    await flights.land(key, 'partial', text);
    expect(await joinAs(key, 'b', follow)).toEqual({ status: 'landed', text });
    expect(await joinAs(key, 'd', follow)).toEqual({ status: 'landed', text });
    expect(await joinAs(key, 'e', leadOnly)).toEqual({ status: 'alone' });
  });

  it('is led by a follower when its leader dies or leaves', async () => {
    const key = randomUUID();
    await joinAs(key, 'a', leadOnly);
    await joinAs(key, 'b', follow);
    await leaderDies(key);
    expect(await joinAs(key, 'b', follow)).toEqual({ status: 'lead' });
    expect(await joinAs(key, 'c', follow)).toEqual({ status: 'follow' });
    expect(await joinAs(key, 'a', leadOnly)).toEqual({ status: 'alone' });
    expect(await flights.leave(key, 'b', 'always')).toBe('left');
    expect(await joinAs(key, 'c', follow)).toEqual({ status: 'lead' });
  });

  it("is led by a follower when its leader has died and Redis's clock was put back since", async () => {
    const key = randomUUID();
    await joinAs(key, 'a', leadOnly);
    await joinAs(key, 'b', follow);
    await redis.hset(`sf:{${key}}`, 'until', Date.now() + 3_600_000);
    expect(await joinAs(key, 'b', follow)).toEqual({ status: 'lead' });
    expect(await joinAs(key, 'c', follow)).toEqual({ status: 'follow' });
  });

  it('keeps a leader that somebody follows, and lets it go when the follower is gone', async () => {
    const key = randomUUID();
    await joinAs(key, 'a', leadOnly);
    await joinAs(key, 'b', follow);
    expect(await flights.leave(key, 'a', 'unless-followed')).toBe('followed');
    await redis.hset(`sf:{${key}}`, 'f:b', 1);
    expect(await flights.leave(key, 'a', 'unless-followed')).toBe('left');
    expect(await redis.exists(`sf:{${key}}`)).toBe(1);
    expect(await flights.leave(key, 'b', 'always')).toBe('left');
    expect(await redis.exists(`sf:{${key}}`)).toBe(0);
  });

  it('lapses with all that is in it', async () => {
    const key = randomUUID();
    const short = new FlightStore(redis, { cached: false, lifetimes: { memberLifeMs: 20, resultLifeMs: 20 } });
    await joinAs(key, 'a', leadOnly, short);
    await joinAs(key, 'b', follow, short);
    while ((await joinAs(key, 'b', follow, short)).status !== 'lead');
    await short.land(key, 'partial', text);
    while (await redis.exists(`sf:{${key}}`));
    expect(await joinAs(key, 'c', leadOnly, short)).toEqual({ status: 'lead' });
  });
});

describe('a flight where translations are cached', () => {
  it('is not needed for one that is kept, and leaves its own there', async () => {
    const key = randomUUID();
    expect(await joinAs(key, 'a', follow, caching)).toEqual({ status: 'lead' });
    expect(await joinAs(key, 'b', follow, caching)).toEqual({ status: 'follow' });
    await caching.land(key, 'partial', text);
    expect(await joinAs(key, 'b', follow, caching)).toEqual({ status: 'cached', text });
    expect(await redis.exists(`sf:{${key}}`)).toBe(0);
    expect(await joinAs(key, 'a', leadOnly, caching)).toEqual({ status: 'lead' });
    expect(await new CacheStore(redis).find(key, 'partial')).toBe(text);
  });

  it('makes a final of what was kept for a partial', async () => {
    const key = randomUUID();
    await caching.land(key, 'partial', text);
    expect(await redis.pttl(`tr:{${key}}`)).toBeLessThanOrEqual(5 * 60_000);
    await joinAs(key, 'a', { mayFollow: true, kind: 'final' }, caching);
    expect(await redis.pttl(`tr:{${key}}`)).toBeGreaterThan(23 * 3_600_000);
  });

  it('gives what a stand-in made to whoever follows, and keeps it for minutes', async () => {
    const key = randomUUID();
    await joinAs(key, 'a', follow, caching);
    await caching.land(key, 'stand-in', text);
    expect(await joinAs(key, 'b', { ...follow, kind: 'final' }, caching)).toEqual({ status: 'cached', text });
    expect(await redis.pttl(`tr:{${key}}`)).toBeLessThanOrEqual(5 * 60_000);
  });

  it('finds nothing of what others keep where it is told not to', async () => {
    const key = randomUUID();
    await caching.land(key, 'final', text);
    expect(await joinAs(key, 'a', follow)).toEqual({ status: 'lead' });
  });
});

interface Model {
  leader: string | undefined;
  leaderIsAlive: boolean;
  followers: Set<string>;
  landed: string | undefined;
}

/** Members that join, land, leave and die in any order, some calls made twice, against a model of what must come. */
async function play(random: () => number): Promise<void> {
  const key = randomUUID();
  const model: Model = { leader: undefined, leaderIsAlive: false, followers: new Set(), landed: undefined };
  const members = ['a', 'b', 'c', 'd', 'e'];
  const any = (): string => members[Math.floor(random() * members.length)] ?? '';
  const twice = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    const first = await call();
    if (random() < 0.3) expect(await call()).toEqual(first);
    return first;
  };
  const join = async (member: string, mayFollow: boolean): Promise<void> => {
    const joined = await twice(() => joinAs(key, member, { mayFollow }));
    if (model.landed !== undefined) {
      expect(joined).toEqual(mayFollow ? { status: 'landed', text: model.landed } : { status: 'alone' });
    } else if (model.leader === member || !model.leaderIsAlive) {
      expect(joined).toEqual({ status: 'lead' });
      model.followers.delete(member);
      [model.leader, model.leaderIsAlive] = [member, true];
    } else {
      expect(joined).toEqual({ status: mayFollow ? 'follow' : 'alone' });
      if (mayFollow) model.followers.add(member);
    }
  };
  const leave = async (member: string, how: 'always' | 'unless-followed'): Promise<void> => {
    const answer = await twice(() => flights.leave(key, member, how));
    model.followers.delete(member);
    const stays = model.leader === member && how === 'unless-followed' && model.followers.size > 0;
    expect(answer).toBe(stays ? 'followed' : 'left');
    if (model.leader === member && !stays) [model.leader, model.leaderIsAlive] = [undefined, false];
  };
  const land = async (landed: string): Promise<void> => {
    await twice(() => flights.land(key, 'partial', landed));
    Object.assign(model, { leader: undefined, leaderIsAlive: false, followers: new Set(), landed });
  };
  const die = async (): Promise<void> => {
    if (model.leader === undefined) return;
    await leaderDies(key);
    model.leaderIsAlive = false;
  };

  for (let step = 0; step < 60; step++) {
    const choice = random();
    if (choice < 0.6) await join(any(), random() < 0.7);
    else if (choice < 0.85) await leave(any(), random() < 0.5 ? 'always' : 'unless-followed');
    else if (choice < 0.97) await die();
    else await land(`result ${step}`);
  }
}

describe('flights in any order of events', () => {
  it('I19: have one leader, and give every follower the result or the lead', async () => {
    const random = seededRandom(testSeed('flights in any order of events'));
    for (let round = 0; round < 40; round++) await play(random);
  });
});
