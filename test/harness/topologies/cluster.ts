import { freePort, startRedisProcess, type RedisProcess } from './redis-process.ts';
import { infoField, type Topology } from './topology.ts';
import { until } from '../until.ts';

const slotCount = 16_384;
const masterCount = 3;
/** On a busy machine a node may not answer for seconds. */
const nodeTimeoutMs = 5000;

/** Three masters with a replica each. */
export interface ClusterTopology extends Topology {
  /** The server that is the master of a slot. */
  masterOf(slot: number): Promise<RedisProcess>;
  /** Moves a slot with its keys to another master, as `redis-cli --cluster reshard` does. */
  moveSlot(slot: number, to: RedisProcess): Promise<void>;
  /** Resolves when a slot has another master than `before`, and the cluster serves all slots. */
  promoted(slot: number, before: RedisProcess): Promise<RedisProcess>;
}

interface Shard {
  readonly from: number;
  readonly to: number;
  readonly port: number;
  readonly id: string;
}

export async function startCluster(): Promise<ClusterTopology> {
  await using resources = new AsyncDisposableStack();
  const servers: RedisProcess[] = [];
  for (let count = 0; count < masterCount * 2; count++) {
    const settings = {
      'cluster-enabled': 'yes',
      'cluster-port': String(await freePort()),
      'cluster-node-timeout': String(nodeTimeoutMs),
      'cluster-replica-validity-factor': '0',
      'repl-diskless-sync-delay': '0',
      'repl-ping-replica-period': '1',
    };
    servers.push(resources.use(await startRedisProcess({ settings })));
  }
  const connections = new Map(servers.map((server) => [server, server.connect()]));
  const call = (server: RedisProcess, ...command: [string, ...(string | number)[]]): Promise<unknown> => {
    const connection = connections.get(server);
    if (connection === undefined) throw new Error('this server is not part of the cluster');
    return connection.call(...command);
  };
  const ids = new Map<RedisProcess, string>();
  for (const server of servers) ids.set(server, (await call(server, 'CLUSTER', 'MYID')) as string);
  const [first] = servers;
  if (first === undefined) throw new Error('there is no server');
  for (const [index, server] of servers.entries()) {
    if (index < masterCount) {
      const [from, to] = [index, index + 1].map((part) => Math.floor((slotCount * part) / masterCount));
      await call(server, 'CLUSTER', 'ADDSLOTSRANGE', from ?? 0, (to ?? 0) - 1);
      await call(server, 'CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
    }
    const busPort = (await connections.get(server)?.config('GET', 'cluster-port')) as [string, string];
    if (server !== first) await call(first, 'CLUSTER', 'MEET', '127.0.0.1', server.port, busPort[1]);
  }
  const knows = async (server: RedisProcess, count: number): Promise<boolean> =>
    ((await call(server, 'CLUSTER', 'INFO')) as string).includes(`cluster_known_nodes:${count}\r`);
  for (const server of servers) await until('the nodes know each other', () => knows(server, servers.length));
  for (const replica of servers.slice(masterCount)) {
    const master = servers[servers.indexOf(replica) - masterCount];
    await until('the replica knows its master', async () => {
      const nodes = (await call(replica, 'CLUSTER', 'NODES')) as string;
      return master !== undefined && new RegExp(`^${ids.get(master) ?? ''} .*master.* \\d+-\\d+`, 'm').test(nodes);
    });
    await call(replica, 'CLUSTER', 'REPLICATE', (master && ids.get(master)) ?? '');
  }
  for (const replica of servers.slice(masterCount)) {
    const connection = replica.connect();
    await until(
      'the replica follows',
      async () => (await infoField(connection, 'replication', 'master_link_status')) === 'up',
    );
  }
  const isOk = async (server: RedisProcess): Promise<boolean> =>
    ((await call(server, 'CLUSTER', 'INFO')) as string).includes('cluster_state:ok');
  for (const server of servers) await until('the cluster serves all slots', () => isOk(server));
  for (const server of servers) {
    await until('the nodes know all replicas', async () => {
      const nodes = (await call(server, 'CLUSTER', 'NODES')) as string;
      return nodes.match(/ (myself,)?slave /g)?.length === masterCount;
    });
  }

  const running = (): RedisProcess => {
    const found = servers.find(({ isRunning }) => isRunning);
    if (found === undefined) throw new Error('no node runs');
    return found;
  };
  const shards = async (): Promise<Shard[]> => {
    const found = (await call(running(), 'CLUSTER', 'SLOTS')) as [number, number, [string, number, string]][];
    return found.map(([from, to, [, port, id]]) => ({ from, to, port, id }));
  };
  const shardOf = async (slot: number): Promise<Shard> => {
    const found = (await shards()).find(({ from, to }) => from <= slot && slot <= to);
    if (found === undefined) throw new Error(`nobody serves the slot ${slot}`);
    return found;
  };
  const serverAt = (port: number): RedisProcess => {
    const found = servers.find((server) => server.port === port);
    if (found === undefined) throw new Error(`no server listens on ${port}`);
    return found;
  };
  const owned = resources.move();
  return {
    env: {
      REDIS_CLUSTER: servers
        .slice(0, masterCount)
        .map(({ port }) => `127.0.0.1:${port}`)
        .join(','),
    },
    servers,
    masterOf: async (slot) => serverAt((await shardOf(slot)).port),
    moveSlot: async (slot, to) => {
      const { port, id } = await shardOf(slot);
      const from = serverAt(port);
      const newId = ids.get(to) ?? '';
      await call(to, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', id);
      await call(from, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', newId);
      for (;;) {
        const keys = (await call(from, 'CLUSTER', 'GETKEYSINSLOT', slot, 100)) as string[];
        if (keys.length === 0) break;
        await call(from, 'MIGRATE', '127.0.0.1', to.port, '', 0, 5000, 'KEYS', ...keys);
      }
      for (const server of [to, from]) await call(server, 'CLUSTER', 'SETSLOT', slot, 'NODE', newId);
      await until('the nodes agree on the slot', async () => (await shardOf(slot)).port === to.port);
    },
    promoted: async (slot, before) => {
      await until('a replica is promoted', async () => (await shardOf(slot)).port !== before.port);
      const now = serverAt((await shardOf(slot)).port);
      await until('the cluster serves all slots', () => isOk(now));
      return now;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
