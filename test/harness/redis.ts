import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** A Redis of its own for one test file. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  /** A connection that is closed together with the server. */
  connect(): Redis;
}

/** Starts `redis-server` on a free loopback port, with nothing on disk, and resolves when it answers. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'parley-redis-'));
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const server = spawn('redis-server', settings, { stdio: 'ignore' });
  const exited = once(server, 'exit');
  const connections: Redis[] = [];
  const url = `redis://127.0.0.1:${port}`;
  const connect = (): Redis => {
    const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
    redis.on('error', () => undefined);
    connections.push(redis);
    return redis;
  };
  await connect().ping();
  return {
    url,
    connect,
    async [Symbol.asyncDispose]() {
      for (const redis of connections) redis.disconnect();
      server.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
