import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { TenantStore } from '../src/tenant/index.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();

/** A separate tenant for each test. `lapse` expires the lease of a member. */
function newTenant() {
  const tenant = randomUUID();
  const store = new TenantStore(redis);
  const key = `tenant:${tenant}:sessions`;
  return {
    store,
    tenant,
    key,
    enter: (member: string, limit = 2) => store.enter('sessions', tenant, member, limit),
    lapse: async (member: string) => {
      const [seconds] = await redis.time();
      if (seconds === undefined) throw new Error('Redis told no time');
      await redis.zadd(key, seconds * 1000 - 1, member);
    },
  };
}

describe('the members of a tenant', () => {
  it('are counted up to the limit, per tenant and kind', async () => {
    const { store, tenant, enter } = newTenant();
    expect(await enter('a')).toBe('entered');
    expect(await enter('b')).toBe('entered');
    expect(await enter('c')).toBe('full');
    expect(await store.enter('sockets', tenant, 'c', 2)).toBe('entered');
    expect(await store.enter('sessions', randomUUID(), 'c', 2)).toBe('entered');
  });

  it('I19: may enter again even if the limit is reached', async () => {
    const { enter } = newTenant();
    await enter('a', 1);
    expect(await enter('a', 1)).toBe('entered');
    expect(await enter('b', 1)).toBe('full');
    expect(await enter('b', 1)).toBe('full');
  });

  it('make room when they leave', async () => {
    const { store, tenant, enter } = newTenant();
    await enter('a', 1);
    await store.leave('sessions', tenant, 'a');
    await store.leave('sessions', tenant, 'a');
    expect(await enter('b', 1)).toBe('entered');
  });

  it('no longer count after their lease has expired, and leave no key behind', async () => {
    const { enter, lapse, key } = newTenant();
    await enter('a');
    await enter('b');
    await lapse('a');
    expect(await enter('c')).toBe('entered');
    expect(await redis.zrange(key, '0', '-1')).toEqual(['b', 'c']);
    const ttl = await redis.pttl(key);
    expect(ttl).toBeGreaterThan(14_000);
    expect(ttl).toBeLessThanOrEqual(15_000);
  });

  it('count for another lease when renewed, even if expired', async () => {
    const { store, tenant, enter, lapse, key } = newTenant();
    for (const member of ['a', 'b']) {
      await enter(member);
      await lapse(member);
    }
    const many = Array.from({ length: 2500 }, (_, index) => `more ${index}`);
    await store.renew('sessions', tenant, ['a', ...many]);
    expect(await enter('c', 2501)).toBe('full');
    expect(await enter('c', 2502)).toBe('entered');
    expect(await redis.zscore(key, 'b')).toBeNull();
    expect(await redis.pttl(key)).toBeGreaterThan(14_000);
  });

  it('are renewed without creating an empty key', async () => {
    const { store, tenant, key } = newTenant();
    await store.renew('sessions', tenant, []);
    expect(await redis.exists(key)).toBe(0);
  });
});
