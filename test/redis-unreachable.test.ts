import { expect, it } from '@jest/globals';
import { startProcess, startRedis } from './harness/index.ts';
import { freePort } from './harness/topologies/index.ts';
import { logLines } from './harness/log-lines.ts';

it.each([
  ['REDIS_SENTINELS', 'SENTINELS: no sentinel can be reached'],
  ['REDIS_CLUSTER', 'CLOSED: the connection to Redis is closed'],
])('a process says what is wrong, and says it once, if nobody listens at %s', async (variable, reason) => {
  await using edge = await startProcess({ name: 'edge', env: { [variable]: `127.0.0.1:${await freePort()}` } });
  // Each check waits for attempts to connect.
  for (let count = 0; count < 10; count++) {
    const report = (await (await fetch(new URL('/readyz', edge.url))).json()) as { checks: { redis: string } };
    expect(report.checks.redis).toMatch(reason);
  }
  expect(logLines([edge], 'Redis connection failed').map((line) => line.reason)).toEqual([
    expect.stringContaining(reason),
  ]);
});

it('a process says that a server in REDIS_CLUSTER is no cluster', async () => {
  await using redis = await startRedis();
  await using edge = await startProcess({ name: 'edge', env: { REDIS_CLUSTER: `127.0.0.1:${redis.port}` } });
  const report = (await (await fetch(new URL('/readyz', edge.url))).json()) as { checks: { redis: string } };
  expect(report.checks.redis).toMatch('NOCLUSTER: this Redis is no node of a cluster; set REDIS_URL');
});
