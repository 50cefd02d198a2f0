import { HolderBalance } from '@parley/redis/segment';
import { SessionSchedule } from '@parley/redis/schedule';
import { minCreditBytes, TenantCredits, TenantStore } from '@parley/redis/tenant';
import type { ScriptCase } from './script-case.ts';

const sessions = 2048;

/** The scripts of tenants, and of all sessions together. */
export const tenantCases: readonly ScriptCase[] = [
  {
    script: 'tenant/reserve',
    worstCase: 'the quota of the tenant is reserved by 2,048 sessions',
    prepare: async (redis) => {
      const credits = new TenantCredits(redis);
      const reserve = (session: number) =>
        credits.reserve('t', `session ${session}`, minCreditBytes, sessions * minCreditBytes);
      await Promise.all(Array.from({ length: sessions }, (_, session) => reserve(session)));
      return {
        keys: 'tenant:*',
        // Expired reservations are looked for once a second.
        before: () => redis.hdel('tenant:t:credits', ':checkedAt'),
        run: () => reserve(sessions),
      };
    },
  },
  {
    script: 'tenant/enter',
    worstCase: '10,000 sockets of a tenant, of which 1,000 have expired',
    prepare: async (redis) => {
      const store = new TenantStore(redis);
      const members = Array.from({ length: 10_000 }, (_, index) => `socket ${index}`);
      await store.renew('sockets', 't', members);
      return {
        keys: 'tenant:*',
        before: () => redis.zadd('tenant:t:sockets', ...members.slice(0, 1000).flatMap((member) => [1, member])),
        run: (round) => store.enter('sockets', 't', `one more ${round}`, 10_000),
      };
    },
  },
  {
    script: 'tenant/renew',
    worstCase: '1,000 of 10,000 sockets',
    prepare: async (redis) => {
      const store = new TenantStore(redis);
      const members = Array.from({ length: 10_000 }, (_, index) => `socket ${index}`);
      await store.renew('sockets', 't', members);
      return { keys: 'tenant:*', run: () => store.renew('sockets', 't', members.slice(0, 1000)) };
    },
  },
  {
    script: 'schedule/claim',
    worstCase: '64 sessions of 10,000',
    prepare: (redis) => {
      const schedule = new SessionSchedule(redis);
      const names = Array.from({ length: 10_000 }, (_, index) => `session ${index}`);
      return Promise.resolve({
        keys: 'deadlines:*',
        before: () => redis.zadd('deadlines:0', ...names.flatMap((name) => [1, name])),
        run: () => schedule.claim(64),
      });
    },
  },
  {
    script: 'segment/balance',
    worstCase: '256 worker threads',
    prepare: async (redis) => {
      const threads = Array.from({ length: 256 }, (_, index) => new HolderBalance(redis, `thread ${index}`));
      await Promise.all(threads.map((thread) => thread.report(500)));
      return { keys: 'segment-holders', run: () => threads[0]?.report(500) ?? Promise.resolve() };
    },
  },
];
