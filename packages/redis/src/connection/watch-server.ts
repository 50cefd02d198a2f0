import type { Cluster, Redis } from 'ioredis';
import { isCluster, type RedisConnection } from './redis-connection.ts';

/**
 * Calls `onReplaced` when a connection leads to another server process: a restarted one, or a promoted replica. Both
 * may lack the last writes that the previous one acknowledged. In a cluster it is called when any master is replaced. It
 * watches until the connection is closed.
 */
export function watchServer(redis: RedisConnection, onReplaced: () => void): void {
  if (isCluster(redis)) watchCluster(redis, onReplaced);
  else watchRunId(redis, {}, onReplaced);
}

/** The process behind an address. */
interface KnownServer {
  runId?: string | undefined;
}

function watchRunId(redis: Redis, known: KnownServer, onReplaced: () => void): void {
  const checkRunId = async (): Promise<void> => {
    try {
      const [, runId] = /^run_id:(\S+)/m.exec(await redis.info('server')) ?? [];
      const before = known.runId;
      known.runId = runId ?? before;
      if (before !== undefined && runId !== undefined && before !== runId) onReplaced();
    } catch {
      // The connection was lost again; the next `ready` event retries.
    }
  };
  if (redis.status === 'ready') void checkRunId();
  redis.on('ready', () => void checkRunId());
}

/**
 * Nodes that become masters are promoted replicas, or new nodes, which is the same to clients. A restarted master keeps its
 * address.
 */
function watchCluster(cluster: Cluster, onReplaced: () => void): void {
  const known = new Map<string, KnownServer>();
  const watch = (node: Redis): void => {
    const server = known.get(addressOf(node)) ?? {};
    known.set(addressOf(node), server);
    watchRunId(node, server, () => {
      if (cluster.nodes('master').includes(node)) onReplaced();
    });
  };
  for (const node of cluster.nodes()) watch(node);
  cluster.on('+node', watch);
  let before: ReadonlySet<string> | undefined;
  cluster.on('refresh', () => {
    const masters = new Set(cluster.nodes('master').map(addressOf));
    const isReplaced = before !== undefined && ![...masters].every((address) => before?.has(address));
    before = masters;
    if (isReplaced) onReplaced();
  });
}

function addressOf({ options: { host, port } }: Redis): string {
  return `${host ?? ''}:${port ?? ''}`;
}
