import { loadConfig, redisServers } from '@parley/config';
import { connectRedis, moveSubscriber } from '@parley/redis/connection';
import { expect, it } from '@jest/globals';
import { startSentinel } from '../harness/topologies/index.ts';
import { until } from '../harness/until.ts';

const count = 20;

it('no connection is lost for good when the sentinels announce another master while it is being opened', async () => {
  await using topology = await startSentinel();
  await using opened = new AsyncDisposableStack();
  // The one that is asked first hangs later; the others announce the new master meanwhile.
  const hanging = topology.sentinels.at(-1);
  const REDIS_SENTINELS = topology.env.REDIS_SENTINELS?.split(',').reverse().join(',');
  const servers = redisServers(loadConfig({ ...topology.env, REDIS_SENTINELS }));
  const connections = Array.from({ length: count }, () =>
    opened.adopt(connectRedis(servers, { onError: () => undefined }), (connection) => connection.disconnect()),
  );
  const areReady = () => connections.every(({ status }) => status === 'ready');
  await until('all connections are ready', areReady);
  const master = await topology.master();
  hanging?.freeze();
  await master.kill();
  await until('all connections are being opened', () => connections.every(({ status }) => status === 'connecting'));
  for (const connection of connections) moveSubscriber(connection);
  await topology.promoted(master);
  await until('all connections are ready again', areReady);
  expect(await Promise.all(connections.map((connection) => connection.ping()))).toEqual(Array(count).fill('PONG'));
}, 120_000);
