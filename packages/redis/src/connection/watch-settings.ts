import type { Redis } from 'ioredis';
import { isCluster, type RedisConnection } from './redis-connection.ts';
import { serverWarnings, type ServerWarning } from './server-warnings.ts';

const maxRemembered = 256;

/**
 * Checks the settings of each server that a connection leads to, in a cluster of each master, whenever it connects. Calls
 * `onWarning` once for each server and problem.
 *
 * @param onWarning receives the address of the server, `HOST:PORT` or the path of a socket
 */
export function watchSettings(
  redis: RedisConnection,
  onWarning: (warning: ServerWarning, address: string) => void,
): void {
  const warned = new Set<string>();
  const report = (server: Redis, address: string): void => {
    void readWarnings(server).then((warnings) => {
      for (const warning of warnings) {
        const name = `${address} ${warning.code}`;
        if (warned.has(name) || warned.size >= maxRemembered) continue;
        warned.add(name);
        onWarning(warning, address);
      }
    });
  };
  const watch = (server: Redis): void => {
    // Replicas of a cluster are read by nobody.
    const check = (): void => {
      if (server.options.readOnly !== true) report(server, addressOf(server));
    };
    if (server.status === 'ready') check();
    server.on('ready', check);
  };
  if (!isCluster(redis)) watch(redis);
  else {
    for (const node of redis.nodes()) watch(node);
    redis.on('+node', watch);
  }
}

async function readWarnings(server: Redis): Promise<ServerWarning[]> {
  try {
    const info = await server.info();
    // A user of a managed server may not read its settings.
    const [, save] = (await server.config('GET', 'save').catch(() => [])) as string[];
    return serverWarnings(info, save);
  } catch {
    return []; // The user may not read anything, or the connection was lost again.
  }
}

/** A connection by sentinels has no address of its own. */
function addressOf({ options, stream }: Redis): string {
  if (options.path !== undefined) return options.path;
  const { remoteAddress, remotePort } = stream as { remoteAddress?: string; remotePort?: number };
  return `${remoteAddress ?? options.host ?? ''}:${remotePort ?? options.port ?? ''}`;
}
