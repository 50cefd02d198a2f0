import { describe, expect, it } from '@jest/globals';
import { dayOf, UsageStore } from '@parley/redis/usage';
import { startRedis } from '../../../test/harness/redis.ts';
import { runParley } from './run-parley.ts';

describe('parley usage', () => {
  it('shows the usage of each tenant and the cost per session hour', async () => {
    await using redis = await startRedis();
    const store = new UsageStore(redis.connect());
    const today = dayOf(Date.now());
    const add = (tenant: string, amounts: Parameters<UsageStore['addToDay']>[2]['amounts']) =>
      store.addToDay(tenant, today, { writer: 'test', number: 1, amounts });
    await add('acme', {
      requests: 1200,
      promptTokens: 180_000,
      completionTokens: 20_000,
      costMicros: 250_000,
      'savedTokens:cached': 5000,
      'savedTokens:superseded': 2000,
      sessionMs: 1_800_000,
    });
    await add('bravo', { requests: 1, promptTokens: 10, unpricedTokens: 10 });

    const { exitCode, stdout } = await runParley(['usage', '--days', '1'], '', { REDIS_URL: redis.url });
    expect(exitCode).toBe(0);
    const rows = stdout.map((line) => line.trim().split(/\s{2,}/));
    expect(rows).toEqual([
      ['day', 'tenant', 'calls', 'tokens', 'cost', 'session hours', 'cost per hour', 'tokens saved'],
      [today, 'acme', '1,200', '200,000', '0.2500', '0.50', '0.5000', '7,000'],
      [today, 'bravo', '1', '10', '0.0000+', '0.00', '-', '0'],
    ]);

    const one = await runParley(['usage', '--tenant', 'acme', '--json'], '', { REDIS_URL: redis.url });
    expect(one.stdout.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ day: today, tenant: 'acme', costMicros: 250_000, sessionMs: 1_800_000 }),
    ]);
  });

  it('fails with one line if there is no Redis', async () => {
    const { exitCode, stderr } = await runParley(['usage'], '', { REDIS_URL: 'redis://127.0.0.1:1' });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^parley: can't read the usage from the Redis of REDIS_URL, 127\.0\.0\.1:1: .*\n$/);
  });
});
