import { expect, it } from '@jest/globals';
import { QueueViews } from '@parley/queues';
import { TenantSettingsStore } from '@parley/redis/tenant-settings';
import { dayOf, UsageStore } from '@parley/redis/usage';
import { Redis } from 'ioredis';
import { OverviewReader } from '../../src/overview/overview-reader.ts';
import { startRedis } from '../redis-server.ts';

it('the usage of a tenant comes with its own daily budget, if its settings in Redis have one', async () => {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await startRedis());
  const redis = opened.adopt(new Redis(server.url), (client) => client.disconnect());
  const queues = opened.adopt(new QueueViews(redis, 1, () => undefined), (views) => views.close());
  const [usage, settings] = [new UsageStore(redis), new TenantSettingsStore(redis)];
  for (const [tenant, costMicros] of [
    ['acme', 3000],
    ['globex', 2000],
    ['initech', 1000],
    ['hooli', 500],
  ] as const) {
    // The page shows the day of its reading, which may begin meanwhile.
    for (const atMs of [Date.now(), Date.now() + 60_000]) {
      const addition = { writer: `test ${dayOf(atMs)}`, number: 1, amounts: { costMicros } };
      await usage.addToDay(tenant, dayOf(atMs), addition);
    }
  }
  await settings.write('acme', { dailyBudgetMicros: 25_000_000 });
  await settings.write('globex', { dailyBudgetMicros: 0, maxSessions: 5 });
  await redis.hset('{access}:tenants', 'hooli', JSON.stringify({ v: 2 }));
  const errors: unknown[] = [];
  const reader = new OverviewReader({
    redis,
    queues,
    checkRedis: () => Promise.resolve('ok'),
    onError: (error) => void errors.push(error),
  });
  const { today } = await reader.read();
  expect(errors).toHaveLength(1);
  expect(today?.tenants.map(({ tenant, dailyBudgetMicros }) => [tenant, dailyBudgetMicros])).toEqual([
    ['acme', 25_000_000],
    ['globex', 0],
    ['initech', undefined],
    ['hooli', undefined],
  ]);
});
