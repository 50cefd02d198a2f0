import { loadConfig, redisServers } from '@parley/config';
import { connectRedis, moveSubscriber } from '@parley/redis/connection';
import { expect, it } from '@jest/globals';
import { MasterConnector } from '../../packages/redis/src/connection/master-connector.ts';
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

it('a socket that is being opened is destroyed by disconnect(): an open one would subscribe to the sentinels for good', async () => {
  await using topology = await startSentinel();
  const { REDIS_SENTINEL_PASSWORD: sentinelPassword, REDIS_SENTINEL_MASTER: name } = topology.env;
  const sentinels = topology.sentinels.map(({ port }) => ({ host: '127.0.0.1', port }));
  const connector = new MasterConnector({ sentinels, name, sentinelPassword, role: 'master', failoverDetector: true });
  const stream = await connector.connect(() => undefined);
  expect(stream.connecting).toBe(true);
  connector.disconnect();
  expect(stream.destroyed).toBe(true);
}, 60_000);
