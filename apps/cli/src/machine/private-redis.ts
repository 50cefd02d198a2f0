import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { ChildError, startChild, type Child } from './child.ts';
import { serverPidFile } from './data-folder.ts';
import { findExecutable } from './executable.ts';
import { identityOf } from './process-identity.ts';

/** `sessions`: every acknowledged write is durable. `cache`: limited memory with eviction, nothing on disk. */
export type RedisPurpose = 'sessions' | 'cache';

export interface PrivateRedisOptions {
  /** Default: `sessions`. */
  readonly purpose?: RedisPurpose | undefined;
  /** The full path of `redis-server` or `valkey-server`. */
  readonly program: string;
  /** An existing folder that no other server uses. */
  readonly folder: string;
  /** The loopback port to listen on; default: a free one. */
  readonly port?: number | undefined;
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface RedisAddress {
  readonly url: string;
  readonly port: number;
}

/** Loading a long append-only file may take this long. */
const readyTimeoutMs = 60_000;
const portAttempts = 5;

const purposes: Readonly<Record<RedisPurpose, Readonly<Record<string, string>>>> = {
  sessions: { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' },
  cache: { appendonly: 'no', maxmemory: '64mb', 'maxmemory-policy': 'allkeys-lru' },
};

/**
 * Starts a Redis on loopback. For sessions it has an append-only file, synced on every write, and evicts nothing. For the
 * cache it writes nothing to disk and evicts the least recently used keys. It stops on SIGTERM, and on Linux also when this
 * process is killed.
 *
 * @throws ChildError
 */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<Child<RedisAddress>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(options, options.port ?? (await freePort()));
    } catch (error) {
      // Another process took the free port in the meantime.
      const isTaken = error instanceof ChildError && /Address already in use/i.test(error.message);
      if (!isTaken || options.port !== undefined || attempt >= portAttempts) throw error;
    }
  }
}

async function start(options: PrivateRedisOptions, port: number): Promise<Child<RedisAddress>> {
  const { program, folder, purpose = 'sessions', onLine, signal } = options;
  const redis = await startChild<RedisAddress>({
    name: purpose === 'cache' ? 'cache' : 'redis',
    command: [...parentDeathCommand(), program, ...redisParameters(folder, port, purpose)] as [string, ...string[]],
    environment: { PATH: process.env.PATH },
    parseReady: (line) =>
      line.includes('Ready to accept connections') ? { url: `redis://127.0.0.1:${port}`, port } : undefined,
    readyTimeoutMs,
    signal,
    ...(onLine === undefined ? {} : { onLine }),
  });
  const { pid, startTicks } = identityOf(redis.pid);
  writeFileSync(join(folder, serverPidFile), `${pid} ${startTicks}`);
  try {
    await verifyServer(redis.pid, port);
    return redis;
  } catch (error) {
    await redis.stop();
    throw error;
  }
}

function redisParameters(folder: string, port: number, purpose: RedisPurpose): readonly string[] {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    'protected-mode': 'yes',
    dir: folder,
    save: '',
    daemonize: 'no',
    ...purposes[purpose],
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

/** Redis does not notice the exit of its parent. On Linux the kernel can send it a signal, see setpriv(1). */
function parentDeathCommand(): readonly string[] {
  const setpriv = process.platform === 'linux' ? findExecutable('setpriv', { environment: process.env }) : undefined;
  return setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'TERM', '--'];
}

/** Verifies that the server on the port responds and is the process that was just started. */
async function verifyServer(pid: number, port: number): Promise<void> {
  const client = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: 5000,
    commandTimeout: 5000,
  });
  client.on('error', () => {
    // The call below rejects as well.
  });
  try {
    await client.connect();
    const info = await client.info('server');
    if (!info.includes(`process_id:${pid}\r`)) throw new ChildError(`another Redis answers on port ${port}`);
  } finally {
    client.disconnect();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return address.port;
}
