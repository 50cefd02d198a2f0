import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedisProcess, type RedisProcess, type RedisProcessOptions } from './redis-process.ts';
import { createTlsSettings } from './tls-settings.ts';
import type { Topology } from './topology.ts';

/** One server without TLS. */
export async function startStandalone(
  options: Pick<RedisProcessOptions, 'program' | 'settings'> = {},
): Promise<Topology & { readonly server: RedisProcess }> {
  const server = await startRedisProcess(options);
  return {
    env: { REDIS_URL: `redis://127.0.0.1:${server.port}` },
    servers: [server],
    server,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** One server on a Unix socket. */
export async function startOnSocket(): Promise<Topology> {
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'parley-socket-'));
  resources.defer(() => rm(folder, { recursive: true }));
  const path = join(folder, 'redis.sock');
  const server = resources.use(await startRedisProcess({ settings: { unixsocket: path } }));
  const owned = resources.move();
  return {
    env: { REDIS_URL: `unix://${path}` },
    servers: [server],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The permissions that docs/operations.md asks for. */
export const aclOfParley = [
  'on',
  '>a#secret',
  'resetkeys',
  '~*',
  'resetchannels',
  '&*',
  '-@all',
  '+@all',
  '-@dangerous',
];
/** Of the dangerous commands, those that Parley uses. */
export const dangerousOfParley = ['+info', '+role', '+client|no-evict', '+client|list'];

/** One server with TLS only, where the user `default` is off and another one has no dangerous commands. */
export async function startWithTls(): Promise<Topology> {
  await using resources = new AsyncDisposableStack();
  const { settings, caFile, tls } = await createTlsSettings(resources);
  const server = resources.use(
    await startRedisProcess({
      tls: true,
      settings: {
        ...settings,
        user: ['default off', `parley ${[...aclOfParley, ...dangerousOfParley].join(' ')}`],
      },
      access: { username: 'parley', password: 'a#secret', tls },
    }),
  );
  const owned = resources.move();
  return {
    env: { REDIS_URL: `rediss://parley:a%23secret@127.0.0.1:${server.port}`, REDIS_CA_FILE: caFile },
    servers: [server],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
