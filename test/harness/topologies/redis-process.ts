import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { ChildError, ensureRedisServer, startChild, thisMachine, type Child } from '@parley/cli';
import { Redis, type RedisOptions } from 'ioredis';

/** A `redis-server` on loopback with any settings; it ends with the test process. */
export interface RedisProcess extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  /** Whether it runs, also if it is frozen. */
  readonly isRunning: boolean;
  /** Returns a connection that is closed together with the server. */
  connect(): Redis;
  /** Kills the server. */
  kill(): Promise<void>;
  /** Restarts it on the same port, with its data if it keeps any. */
  start(): Promise<void>;
  /** Stops all of its threads until `thaw`. Connections stay open. */
  freeze(): void;
  thaw(): void;
}

export interface RedisProcessOptions {
  /** By name; each is a line of the configuration file. Names may be repeated with a list of values. */
  readonly settings?: Readonly<Record<string, string | readonly string[]>>;
  /** `sentinel`: it watches masters, and rewrites its configuration file. */
  readonly mode?: 'server' | 'sentinel';
  /** How tests connect, besides the port. */
  readonly access?: Pick<RedisOptions, 'username' | 'password' | 'tls'>;
  /** Default: the one that Parley itself would start. */
  readonly program?: string;
  /** Whether it listens with TLS instead of without. */
  readonly tls?: boolean;
}

const readyTimeoutMs = 20_000;
const portAttempts = 5;

export async function startRedisProcess(options: RedisProcessOptions = {}): Promise<RedisProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOn(await freePort(), options);
    } catch (error) {
      // Another process took the port in the meantime.
      if (!(error instanceof ChildError && /Address already in use/i.test(error.message))) throw error;
      if (attempt >= portAttempts) throw error;
    }
  }
}

async function startOn(port: number, options: RedisProcessOptions): Promise<RedisProcess> {
  const { mode = 'server', settings = {}, access = {}, tls = false } = options;
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'parley-redis-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'redis.conf');
  await mkdir(join(folder, 'data'));
  const program = options.program ?? (await ensureRedisServer(thisMachine(process.env)));
  const own = {
    ...(tls ? { port: '0', 'tls-port': String(port) } : { port: String(port) }),
    bind: '127.0.0.1',
    dir: join(folder, 'data'),
    daemonize: 'no',
    ...(mode === 'server' ? { save: '""', appendonly: 'no' } : {}),
  };
  const lines = Object.entries({ ...own, ...settings }).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name} ${one}\n`),
  );
  await writeFile(file, lines.join(''));
  const command = [...withParent(), program, file, ...(mode === 'sentinel' ? ['--sentinel'] : [])];
  const run = (): Promise<Child<true>> =>
    startChild<true>({
      name: `redis on ${port}`,
      command: command as [string, ...string[]],
      environment: { PATH: process.env.PATH },
      parseReady: (line) => (/Ready to accept connections|Sentinel ID is/.test(line) ? true : undefined),
      readyTimeoutMs,
    });
  let child = await run();
  let isRunning = true;
  const thaw = (): void => void process.kill(child.pid, 'SIGCONT');
  resources.defer(async () => {
    if (!isRunning) return;
    thaw();
    await child.stop();
  });
  const owned = resources.move();
  return {
    port,
    get pid() {
      return child.pid;
    },
    get isRunning() {
      return isRunning;
    },
    connect: () => {
      const how = { host: '127.0.0.1', port, maxRetriesPerRequest: null, retryStrategy: () => 20, ...access };
      const connection = new Redis(how);
      connection.on('error', () => undefined);
      return owned.adopt(connection, (opened) => opened.disconnect());
    },
    kill: async () => {
      isRunning = false;
      child.kill();
      await child.exited;
    },
    start: async () => {
      child = await run();
      isRunning = true;
    },
    freeze: () => void process.kill(child.pid, 'SIGSTOP'),
    thaw,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Ends the server with this process, where the kernel can (see setpriv(1)). */
function withParent(): readonly string[] {
  return existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'TERM', '--'] : [];
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
