import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { startRedisProcess, type RedisProcess } from './redis-process.ts';
import { infoField, type Topology } from './topology.ts';
import { until } from '../until.ts';

const password = 'of-the-servers';
const sentinelPassword = 'of-the-sentinels';
const masterName = 'parley';
/** On a busy machine a server may not answer for a second. */
const downAfterMs = 2500;
/**
 * How long writes are paused while the replicas are cut off, so that neither is ahead of the other. Shorter than `downAfterMs`: the pause
 * also blocks the sentinels' messages to the master.
 */
const maxPauseMs = 1800;

/** A master and two replicas, watched by three sentinels. */
export interface SentinelTopology extends Topology {
  readonly sentinels: readonly RedisProcess[];
  /** The server that the sentinels name as the master. */
  master(): Promise<RedisProcess>;
  /** Cuts the replicas off: they have the same writes of the master, and none of its further ones. */
  cutReplicas(): Promise<void>;
  /** Lets replicas follow the master again. */
  connectReplicas(): Promise<void>;
  /** Resolves when the sentinels name another master than `before`, and it accepts writes. */
  promoted(before: RedisProcess): Promise<RedisProcess>;
}

/** @param durable further settings of the servers, such as those of an append-only file */
export async function startSentinel(durable: Readonly<Record<string, string>> = {}): Promise<SentinelTopology> {
  await using resources = new AsyncDisposableStack();
  const shared = {
    requirepass: password,
    masterauth: password,
    'repl-diskless-sync-delay': '0',
    'repl-ping-replica-period': '1',
    ...durable,
  };
  const startServer = async (more: Record<string, string>): Promise<RedisProcess> =>
    resources.use(await startRedisProcess({ settings: { ...shared, ...more }, access: { password } }));
  const first = await startServer({});
  const replicaof = `127.0.0.1 ${first.port}`;
  const servers = [first, await startServer({ replicaof }), await startServer({ replicaof })];
  const primary = first.connect();
  await until('both replicas are connected', async () => {
    const lines = (await primary.info('replication')).match(/^slave\d:.*state=online/gm);
    return lines?.length === 2;
  });
  const settings = {
    requirepass: sentinelPassword,
    sentinel: [
      `monitor ${masterName} 127.0.0.1 ${first.port} 2`,
      `auth-pass ${masterName} ${password}`,
      `down-after-milliseconds ${masterName} ${downAfterMs}`,
      `failover-timeout ${masterName} 5000`,
      `sentinel-pass ${sentinelPassword}`,
    ],
  };
  const sentinels: RedisProcess[] = [];
  for (let count = 0; count < 3; count++) {
    const access = { password: sentinelPassword };
    sentinels.push(resources.use(await startRedisProcess({ mode: 'sentinel', settings, access })));
  }
  const asked = sentinels.map((sentinel) => sentinel.connect());
  for (const sentinel of asked) {
    await until('the sentinels know each other and both replicas', async () => {
      const status = (await infoField(sentinel, 'sentinel', 'master0')) ?? '';
      return status.includes('slaves=2') && status.includes('sentinels=3') && status.includes('status=ok');
    });
  }
  const masterPort = async (): Promise<number> => {
    const [, port] = (await asked[0]?.call('SENTINEL', 'get-master-addr-by-name', masterName)) as [string, string];
    return Number(port);
  };
  const master = async (): Promise<RedisProcess> => {
    const port = await masterPort();
    const found = servers.find((server) => server.port === port);
    if (found === undefined) throw new Error('the sentinels name an unknown master');
    return found;
  };
  const replicaPassword = async (value: string): Promise<void> => {
    const running = servers.filter(({ isRunning }) => isRunning);
    await Promise.all(running.map((server) => server.connect().config('SET', 'masterauth', value)));
  };
  const owned = resources.move();
  return {
    env: {
      REDIS_URL: `redis://:${password}@any`,
      REDIS_SENTINELS: sentinels.map(({ port }) => `127.0.0.1:${port}`).join(','),
      REDIS_SENTINEL_MASTER: masterName,
      REDIS_SENTINEL_PASSWORD: sentinelPassword,
    },
    servers,
    sentinels,
    master,
    cutReplicas: async () => {
      const connection = (await master()).connect();
      await until('both replicas are cut off with the same writes', async () => {
        await replicaPassword('wrong');
        const pausedAtMs = performance.now();
        await connection.call('CLIENT', 'PAUSE', maxPauseMs, 'WRITE');
        let areCutOff = await areReplicasInSync(connection, maxPauseMs - 500);
        if (areCutOff) await connection.call('CLIENT', 'KILL', 'TYPE', 'replica');
        // On a busy machine, the pause may have ended before.
        areCutOff &&= performance.now() - pausedAtMs < maxPauseMs;
        if (!areCutOff) await replicaPassword(password);
        await connection.call('CLIENT', 'UNPAUSE');
        return areCutOff;
      });
    },
    connectReplicas: () => replicaPassword(password),
    promoted: async (before) => {
      await until('another master is named', async () => (await masterPort()) !== before.port);
      const now = await master();
      const connection = now.connect();
      await until(
        'the new master accepts writes',
        async () => (await infoField(connection, 'replication', 'role')) === 'master',
      );
      return now;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Whether both replicas get everything within a time in which nothing is written. */
async function areReplicasInSync(master: Redis, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const info = await master.info('replication');
    const offset = /^master_repl_offset:(\d+)/m.exec(info)?.[1] ?? '';
    if (info.match(new RegExp(`^slave\\d:.*,offset=${offset},`, 'gm'))?.length === 2) return true;
    await delay(10);
  }
  return false;
}
