import { loadConfig, redisServers } from '@parley/config';
import { SessionChannels, type ChannelListener } from '@parley/redis/channel';
import { connectRedis, type RedisConnection } from '@parley/redis/connection';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCluster, type ClusterTopology } from '../harness/topologies/index.ts';
import { until } from '../harness/until.ts';

/** As many as make it likely that each master has some. */
const sessionIds = Array.from({ length: 30 }, (_, index) => `session-${index}`);

const opened = new AsyncDisposableStack();
let topology: ClusterTopology;
beforeAll(async () => {
  topology = opened.use(await startCluster());
}, 120_000);
afterAll(() => opened.disposeAsync());

function connect(): RedisConnection {
  const connection = connectRedis(redisServers(loadConfig(topology.env)), { onError: () => undefined });
  return opened.adopt(connection, (connected) => connected.disconnect());
}

const channelOf = (sessionId: string) => `{s:${sessionId}}`;

/** Subscribes to a channel of each session, and returns a function that tells which of them receive what is published by now. */
async function subscribeAll() {
  const [redis, listening] = [connect(), connect()];
  const received = new Set<string>();
  listening.on('smessage', (channel: string) => received.add(channel));
  const channels = new SessionChannels(listening);
  const listener: ChannelListener = { message: () => undefined, reconnected: () => undefined };
  for (const sessionId of sessionIds) await channels.subscribe(sessionId, listener);
  const areReceived = async () => {
    await Promise.all(sessionIds.map((sessionId) => redis.spublish(channelOf(sessionId), 'a message')));
    return sessionIds.every((sessionId) => received.has(channelOf(sessionId)));
  };
  return { listening, channels, received, areReceived };
}

describe('subscriptions at a cluster', () => {
  it('are made again if the connection is lost while it connects to servers that do not answer', async () => {
    const { listening, received, areReceived } = await subscribeAll();
    await until('messages are received', areReceived);
    for (const server of topology.servers) server.freeze();
    listening.disconnect(true);
    await until('it connects again', () => listening.status === 'connecting');
    listening.disconnect(true);
    await until('it connects once more', () => listening.status === 'connecting');
    for (const server of topology.servers) server.thaw();
    received.clear();
    await until('messages are received again', areReceived);
  }, 60_000);

  it('are remembered once, however often they are renewed', async () => {
    const { listening, channels } = await subscribeAll();
    await channels.renew();
    await channels.renew();
    const { shardedSubscribers } = listening as unknown as {
      shardedSubscribers: { channels: ReadonlyMap<number, readonly string[]> };
    };
    expect([...shardedSubscribers.channels.values()].flat().sort()).toEqual(sessionIds.map(channelOf).sort());
  });

  it('are pinged, each on its own connection, so that a dead peer is noticed', async () => {
    const { listening } = await subscribeAll();
    expect(listening.status).toBe('ready');
    const pinged = async () => {
      const lists = await Promise.all(topology.servers.map((server) => server.connect().client('LIST')));
      const subscribers = lists.flatMap((list) =>
        String(list)
          .split('\n')
          .filter((line) => / ssub=[1-9]/.test(line)),
      );
      return subscribers.length > 0 && subscribers.every((line) => line.includes(' cmd=ping '));
    };
    await until('each of them has been pinged', pinged);
  }, 30_000);
});
