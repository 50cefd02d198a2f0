import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSilentProxy } from '../../../test/harness/silent-proxy.ts';
import { startRedisProcess, type RedisProcess } from '../../../test/harness/topologies/redis-process.ts';
import { until } from '../../../test/harness/until.ts';
import { ReplicaAcknowledgements, ReplicasMissingError } from '../src/replication/index.ts';
import { sessionKeys } from '../src/script/keys.ts';

let master: RedisProcess;
let replica: RedisProcess;
const opened = new AsyncDisposableStack();

beforeAll(async () => {
  master = opened.use(await startRedisProcess());
  replica = opened.use(await startRedisProcess({ settings: { 'repl-diskless-sync-delay': '0' } }));
  const follower = replica.connect();
  await follower.replicaof('127.0.0.1', master.port);
  await until('the replica follows', async () =>
    (await follower.info('replication')).includes('master_link_status:up'),
  );
});
afterAll(() => opened.disposeAsync());

function acknowledgementsAt(server: RedisProcess, replicas: number, port = server.port): ReplicaAcknowledgements {
  const redis = server.connect();
  const address = { host: '127.0.0.1', port };
  const servers = { kind: 'standalone', address, login: {}, database: 0, tls: undefined } as const;
  return opened.use(new ReplicaAcknowledgements({ servers, redis, replicas, onError: () => undefined }));
}

/** What settling a final writes. */
async function settle(server: RedisProcess, sessionId: string, segmentId: number): Promise<void> {
  await server.connect().hset(sessionKeys(sessionId).segments, segmentId, 'sDIGEST');
}

describe('acknowledgements of replicas', () => {
  it('resolve when a replica has the final', async () => {
    const acknowledgements = acknowledgementsAt(master, 1);
    const segments = Array.from({ length: 20 }, (_, index) => index);
    const waits = segments.map(async (segmentId) => {
      await settle(master, 'one', segmentId);
      await acknowledgements.finalKept('one', segmentId);
    });
    await Promise.all(waits);
    const fields = await replica.connect().hkeys(sessionKeys('one').segments);
    expect(fields.map(Number).sort((a, b) => a - b)).toEqual(segments);
    expect(await master.connect().pttl(sessionKeys('one').kept)).toBeLessThanOrEqual(1000);
  });

  it('reject while a replica hangs, and for more replicas than there are', async () => {
    await settle(master, 'two', 1);
    await expect(acknowledgementsAt(master, 2).finalKept('two', 1)).rejects.toThrow(ReplicasMissingError);
    replica.freeze();
    try {
      await settle(master, 'two', 2);
      await expect(acknowledgementsAt(master, 1).finalKept('two', 2)).rejects.toThrow(ReplicasMissingError);
    } finally {
      replica.thaw();
    }
    await acknowledgementsAt(master, 1).finalKept('two', 2);
  });

  it('reject for a final that this master lacks, as after a failover', async () => {
    const acknowledgements = acknowledgementsAt(master, 1);
    await settle(master, 'three', 1);
    const results = await Promise.allSettled([1, 2].map((segmentId) => acknowledgements.finalKept('three', segmentId)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('resolve for the owner of a session, and reject for one that has lost it', async () => {
    const acknowledgements = acknowledgementsAt(master, 1);
    await master.connect().hset(sessionKeys('five').session, 'connection', 'newest');
    await acknowledgements.ownerKept('five', 'newest');
    await expect(acknowledgements.ownerKept('five', 'before')).rejects.toThrow(ReplicasMissingError);
  });

  it('resolve again after their connection has gone dead without a sign', async () => {
    await using proxy = await startSilentProxy(master.port);
    const acknowledgements = acknowledgementsAt(master, 1, proxy.port);
    await settle(master, 'six', 1);
    await acknowledgements.finalKept('six', 1);
    proxy.silence();
    await expect(acknowledgements.finalKept('six', 1)).rejects.toThrow();
    const isKept = (): Promise<boolean> =>
      acknowledgements.finalKept('six', 1).then(
        () => true,
        () => false,
      );
    await until('a new connection is used', isKept, 10_000);
  }, 30_000);

  it('send nothing unless they are asked for', async () => {
    const before = Number((await master.connect().info('stats')).match(/total_connections_received:(\d+)/)?.[1]);
    const acknowledgements = acknowledgementsAt(master, 0);
    await acknowledgements.finalKept('four', 1);
    const after = Number((await master.connect().info('stats')).match(/total_connections_received:(\d+)/)?.[1]);
    // Both `connect` calls, and the connection of the writes.
    expect(after - before).toBeLessThanOrEqual(2);
  });
});
