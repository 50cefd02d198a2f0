import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { ChildError, startChild, type Child } from './child.ts';
import { serverPidFile } from './data-folder.ts';
import { findExecutable } from './executable.ts';
import { identityOf } from './process-identity.ts';

/** `sessions`: it forgets nothing that it has acknowledged; `cache`: it keeps in a little memory what fits. */
export type RedisPurpose = 'sessions' | 'cache';

export interface PrivateRedisOptions {
  /** `sessions` where unset. */
  readonly purpose?: RedisPurpose | undefined;
  /** The full path of `redis-server` or `valkey-server`. */
  readonly program: string;
  /** An existing folder of its own. */
  readonly folder: string;
  /** The port to listen on, on loopback; a free one where unset. */
  readonly port?: number | undefined;
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What a private Redis tells when it is ready. */
export interface RedisAddress {
  readonly url: string;
  readonly port: number;
}

/** Loading a long append-only file takes a while. */
const readyTimeoutMs = 60_000;
const portAttempts = 5;

/** What a Redis is told for its purpose. */
const purposes: Readonly<Record<RedisPurpose, Readonly<Record<string, string>>>> = {
  sessions: { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' },
  cache: { appendonly: 'no', maxmemory: '64mb', 'maxmemory-policy': 'allkeys-lru' },
};

/**
 * Starts a Redis on loopback. One for sessions has an append-only file, synced at every write, and evicts nothing; one
 * for the cache writes nothing and evicts what was not used for the longest time. It ends with SIGTERM, and on Linux also
 * when this process is killed.
 *
 * @throws ChildError
 */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<Child<RedisAddress>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(options, options.port ?? (await freePort()));
    } catch (error) {
      // Somebody else took the free port in between.
      const isTaken = error instanceof ChildError && /Address already in use/i.test(error.message);
      if (!isTaken || options.port !== undefined || attempt >= portAttempts) throw error;
    }
  }
}

async function start(options: PrivateRedisOptions, port: number): Promise<Child<RedisAddress>> {
  const { program, folder, purpose = 'sessions', onLine, signal } = options;
  const redis = await startChild<RedisAddress>({
    name: purpose === 'cache' ? 'cache' : 'redis',
    command: [...endWithParent(), program, ...redisParameters(folder, port, purpose)] as [string, ...string[]],
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
    await answersAs(redis.pid, port);
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

/** Redis does not notice that its parent is gone; on Linux the kernel can tell it, see setpriv(1). */
function endWithParent(): readonly string[] {
  const setpriv = process.platform === 'linux' ? findExecutable('setpriv', { environment: process.env }) : undefined;
  return setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'TERM', '--'];
}

/** Holds that the server on that port is the process just started and answers. */
async function answersAs(pid: number, port: number): Promise<void> {
  const client = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: 5000,
    commandTimeout: 5000,
  });
  client.on('error', () => {
    // the call below says so
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
