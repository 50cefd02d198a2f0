import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { TenantStore } from '@parley/redis/tenant';
import { createLogger } from '@parley/telemetry';
import { startRedis } from '../../../../test/harness/index.ts';
import { TenantLeases, type TenantLeasesOptions } from '../../src/limits/tenant-leases.ts';

let server: Awaited<ReturnType<typeof startRedis>>;
let redis: Redis;
beforeAll(async () => {
  server = await startRedis();
  redis = server.connect();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

function startLeases(options: Partial<TenantLeasesOptions> = {}) {
  const logLines: string[] = [];
  const leases = new TenantLeases({
    store: new TenantStore(redis),
    maxSessions: 2,
    maxSockets: 1,
    maxListeners: 1,
    maxSeats: 1,
    isRedisReady: () => true,
    logger: createLogger({ LOG_LEVEL: 'info' }, 'edge', { write: (line) => void logLines.push(line) }),
    renewEveryMs: 10,
    ...options,
  });
  return { leases, logLines, [Symbol.asyncDispose]: () => leases[Symbol.asyncDispose]() };
}

const members = (tenant: string, kind = 'sessions') => redis.zrange(`tenant:${tenant}:${kind}`, '0', '-1');

/** Waits until a member that Redis has just lost is counted again by a lease renewal. */
async function renewed(tenant: string, kind = 'sessions'): Promise<string[]> {
  await redis.del(`tenant:${tenant}:${kind}`);
  for (;;) {
    const found = await members(tenant, kind);
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('tenant leases of an edge', () => {
  it('count sessions and sockets over all edges', async () => {
    await using one = startLeases();
    await using other = startLeases();
    const tenant = randomUUID();
    expect(await one.leases.sessions.enter(tenant, 'a')).toBe('entered');
    expect(await other.leases.sessions.enter(tenant, 'b')).toBe('entered');
    expect(await other.leases.sessions.enter(tenant, 'c')).toBe('full');
    expect(await one.leases.sockets.enter(tenant, 's')).toBe('entered');
    expect(await other.leases.sockets.enter(tenant, 't')).toBe('full');
    await one.leases.sessions.leave(tenant, 'a');
    expect(await other.leases.sessions.enter(tenant, 'c')).toBe('entered');
  });

  it('are renewed for all members, but not for refused or removed ones', async () => {
    await using edge = startLeases();
    const { sessions, sockets } = edge.leases;
    const tenant = randomUUID();
    for (const member of ['left', 'stays', 'refused']) await sessions.enter(tenant, member);
    await sessions.leave(tenant, 'left');
    await sockets.enter(tenant, 'socket');
    expect(await renewed(tenant)).toEqual(['stays']);
    expect(await renewed(tenant, 'sockets')).toEqual(['socket']);
  });

  it('move from edge to edge with the session', async () => {
    await using one = startLeases();
    await using other = startLeases();
    const tenant = randomUUID();
    await one.leases.sessions.enter(tenant, 'a');
    one.leases.sessions.stopRenewing(tenant, 'a');
    expect(await members(tenant)).toEqual(['a']);
    other.leases.sessions.keep(tenant, 'a');
    expect(await renewed(tenant)).toEqual(['a']);
  });

  it('expire with the edge', async () => {
    const edge = startLeases();
    const tenant = randomUUID();
    await edge.leases.sessions.enter(tenant, 'a');
    await edge[Symbol.asyncDispose]();
    await redis.del(`tenant:${tenant}:sessions`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await members(tenant)).toEqual([]);
  });

  it('admit everything while Redis is unavailable, log it once, and count everything when it is back', async () => {
    let isReady = false;
    await using edge = startLeases({ isRedisReady: () => isReady });
    const tenant = randomUUID();
    for (const member of ['a', 'b', 'c']) expect(await edge.leases.sessions.enter(tenant, member)).toBe('entered');
    expect(edge.logLines).toHaveLength(1);
    isReady = true;
    expect(await renewed(tenant)).toEqual(['a', 'b', 'c']);
    expect(await edge.leases.sessions.enter(tenant, 'd')).toBe('full');
  });

  it('admit everything when Redis fails', async () => {
    const failing = server.connect();
    failing.disconnect();
    await using edge = startLeases({ store: new TenantStore(failing) });
    expect(await edge.leases.sockets.enter(randomUUID(), 'a')).toBe('entered');
    expect(edge.logLines).toHaveLength(1);
  });

  it('count nothing if there are no limits', async () => {
    await using edge = startLeases({ maxSessions: 0 });
    const tenant = randomUUID();
    for (const member of ['a', 'b', 'c']) expect(await edge.leases.sessions.enter(tenant, member)).toBe('entered');
    await edge.leases.sessions.leave(tenant, 'a');
    expect(await members(tenant)).toEqual([]);
  });
});
