import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { watchRedis } from '../../../test/bench/beside/redis-commands.ts';
import { CacheStore, SessionEntries } from '../src/cache/index.ts';
import { SingleflightStore } from '../src/singleflight/index.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();
const stores = {
  cache: new CacheStore(redis),
  singleflight: new SingleflightStore(redis, { cached: true }),
};
const entries = new SessionEntries(redis);
const entriesOf = (session: string) => redis.smembers(`trs:{${session}}`);

describe.each(['cache', 'singleflight'] as const)('what a session has stored through the %s', (name) => {
  const store = stores[name];

  it('I41: is erased with the session, and what others have stored is not', async () => {
    const [session, other, key, another] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    await store.complete(key, 'final', 'hola', session);
    await store.complete(key, 'final', 'hola', session);
    await store.complete(another, 'partial', 'buenas', other);
    expect(await entriesOf(session)).toEqual([key]);
    expect(await redis.pttl(`trs:{${session}}`)).toBeGreaterThanOrEqual((await redis.pttl(`tr:{${key}}`)) - 1000);

    await entries.erase(session);
    expect(await redis.keys(`*${key}*`)).toEqual([]);
    expect(await redis.exists(`tr:{${another}}`)).toBe(1);
    await entries.erase(session);
    expect(await entriesOf(other)).toEqual([another]);
  });

  it('I41: does not come back by a call that was under way', async () => {
    const [session, key] = [randomUUID(), randomUUID()];
    await entries.erase(session);
    await store.complete(key, 'final', 'hola', session);
    expect(await redis.exists(`tr:{${key}}`)).toBe(0);
    // Expires by itself.
    expect(await entriesOf(session)).toEqual(['']);
    expect(await redis.pttl(`trs:{${session}}`)).toBeGreaterThan(5 * 60_000);
  });

  it('takes one more call of Redis', async () => {
    const session = randomUUID();
    await store.complete(randomUUID(), 'final', 'hola', session);
    const count = async (owner: string | undefined, expected: { calls: number; commands: number }) => {
      using watched = await watchRedis([server.url], AbortSignal.timeout(10_000));
      await store.complete(randomUUID(), 'final', 'hola', owner);
      // Shown last.
      await redis.ping();
      while (watched.commands <= expected.commands) await new Promise((resolve) => setImmediate(resolve));
      expect({ calls: watched.calls - 1, commands: watched.commands - 1 }).toEqual(expected);
    };
    const before = name === 'cache' ? 3 : 4;
    await count(undefined, { calls: 1, commands: before });
    await count(session, { calls: 2, commands: before + 5 });
  });
});

describe('the entries of a session', () => {
  it('are limited in number: an earlier one is deleted for each that is too many', async () => {
    const few = new SessionEntries(redis, { maxEntries: 10 });
    const session = randomUUID();
    const keys = Array.from({ length: 30 }, () => randomUUID());
    for (const key of keys) await few.store(session, key, () => redis.set(`tr:{${key}}`, '1fhola'));
    const recorded = await entriesOf(session);
    expect(recorded).toHaveLength(10);
    const stored = await Promise.all(keys.map(async (key) => ((await redis.exists(`tr:{${key}}`)) === 1 ? [key] : [])));
    expect(stored.flat().sort()).toEqual(recorded.sort());
  });

  it('I41: are all erased, however many they are', async () => {
    const session = randomUUID();
    const keys = Array.from({ length: 2000 }, () => randomUUID());
    await Promise.all(keys.map((key) => stores.cache.complete(key, 'final', 'hola', session)));
    await entries.erase(session);
    expect(await Promise.all(keys.map((key) => redis.exists(`tr:{${key}}`)))).toEqual(keys.map(() => 0));
    expect(await entriesOf(session)).toEqual(['']);
  });

  it('are not recorded if nothing is cached', async () => {
    const [session, key] = [randomUUID(), randomUUID()];
    await new SingleflightStore(redis, { cached: false }).complete(key, 'final', 'hola', session);
    expect(await entriesOf(session)).toEqual([]);
    expect(await redis.pttl(`sf:{${key}}`)).toBeLessThanOrEqual(5000);
  });

  it('an entry that can not be recorded is deleted', async () => {
    const [session, key] = [randomUUID(), randomUUID()];
    await redis.set(`trs:{${session}}`, 'not a set');
    await stores.cache.complete(key, 'final', 'hola', session);
    expect(await redis.exists(`tr:{${key}}`)).toBe(0);
  });
});
