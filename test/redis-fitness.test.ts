import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { startProcess, startRedis } from './harness/index.ts';
import { startSpeaker } from './harness/speaker.ts';
import { resultOf } from './harness/results.ts';
import { startRedisProcess } from './harness/topologies/index.ts';
import { until } from './harness/until.ts';

type TestRedis = Awaited<ReturnType<typeof startRedis>>;

/** A proxy that leads to one Redis and then to another; existing connections stay. */
async function startName(first: TestRedis) {
  let { port } = first;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(port, '127.0.0.1');
    client.pipe(target).pipe(client);
    for (const [socket, peer] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => peer.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (next: TestRedis) => void (port = next.port),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readiness(url: string): Promise<{ status: number; redis: string }> {
  const response = await fetch(new URL('/readyz', url));
  const { checks } = (await response.json()) as { checks: { redis: string } };
  return { status: response.status, redis: checks.redis };
}

describe('a connected Redis that does not work', () => {
  const cases: [what: string, code: string, spoil: (redis: TestRedis) => Promise<unknown>][] = [
    ['a user without channels', 'NOPERM', (redis) => redis.connect().acl('SETUSER', 'default', 'resetchannels')],
    ['a user without scripts', 'NOPERM', (redis) => redis.connect().acl('SETUSER', 'default', '-@scripting')],
    [
      'a user without the keys of the queues',
      'NOPERM',
      (redis) =>
        redis.connect().acl('SETUSER', 'default', 'resetkeys', '~{s:*', '~deadlines:*', '~join:*', '~engine:*'),
    ],
    ['a full one', 'OOM', (redis) => redis.connect().config('SET', 'maxmemory', '1mb')],
    ['a replica', 'READONLY', (redis) => redis.connect().replicaof('127.0.0.1', 1)],
    ['a master without replicas', 'NOREPLICAS', (redis) => redis.connect().config('SET', 'min-replicas-to-write', 1)],
  ];
  it.each(cases)('%s: is reported by /readyz, and logged once', async (_, code, spoil) => {
    await using redis = await startRedis();
    await using edge = await startProcess({ name: 'edge', env: { REDIS_URL: redis.url } });
    await until('the edge is ready', async () => (await readiness(edge.url)).status === 200);
    await spoil(redis);
    await until(`the edge reports ${code}`, async () => (await readiness(edge.url)).redis.startsWith(`${code}: `));
    expect((await readiness(edge.url)).status).toBe(503);
    const said = edge.output().split('\n');
    const lines = said.filter((line) => line.includes('Redis health check failed') && line.includes(code));
    expect(lines).toHaveLength(1);
  });
});

describe('a Redis that works, but may lose data', () => {
  it('is warned of at the start of edge and worker, once for each problem', async () => {
    await using redis = await startRedisProcess({ settings: { 'maxmemory-policy': 'volatile-lru' } });
    const env = { REDIS_URL: `redis://127.0.0.1:${redis.port}`, OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' };
    await using edge = await startProcess({ name: 'edge', env });
    await using worker = await startProcess({ name: 'worker', env: { ...env, WORKER_THREADS: '1', PREWARM: 'off' } });
    const said = (program: typeof edge): unknown[] =>
      program
        .output()
        .split('\n')
        .filter((line) => line.includes('Redis is not set up as recommended'))
        .map((line) => (JSON.parse(line) as { remedy: unknown }).remedy);
    for (const program of [edge, worker]) {
      await until('both warnings are logged', () => said(program).length >= 2);
      expect(said(program)).toEqual(['set maxmemory-policy to noeviction', 'set appendonly to yes']);
    }
  });
});

it('I3, I24: finals continue within seconds after a failover that leaves old connections open', async () => {
  await using both = await startBoth();
  const [master, replica] = both;
  await using name = await startName(master);
  await using engine = await startProcess({ name: 'engine', env: { ENGINE_TRANSLATIONS: 'marked' } });
  const env = {
    REDIS_URL: name.url,
    OPENAI_BASE_URL: new URL('/v1', engine.url).href,
    WORKER_THREADS: '1',
  };
  await using worker = await startProcess({ name: 'worker', env });
  await using edge = await startProcess({ name: 'edge', env });
  const stream = new URL('/v1/stream', edge.url);
  stream.protocol = 'ws:';
  await using speaker = await startSpeaker(stream.href, { sourceLanguage: 'en', targetLanguages: ['es'] });
  await speaker.session.sendFinal({ segmentId: 1, text: 'before' });
  await speaker.waitForMessage(resultOf(1));

  const [old, next] = [master.connect(), replica.connect()];
  await old.wait(1, 5000);
  await next.replicaof('NO', 'ONE');
  name.leadTo(replica);
  // It is not connected to the new master, so writes to it are lost.
  await old.replicaof('127.0.0.1', 1);
  const switchedAtMs = performance.now();
  await sayUntilAccepted(() => speaker.session.sendFinal({ segmentId: 2, text: 'after' }));
  expect(await speaker.waitForMessage(resultOf(2))).toMatchObject({ type: 'translation.final' });
  expect(performance.now() - switchedAtMs).toBeLessThan(10_000);
  for (const { url } of [edge, worker])
    await until(`${url} is ready`, async () => (await readiness(url)).status === 200);
  expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 2, finalsFailed: 0 } });
  const isInUse = async () => /cmd=(bzpopmin|ssubscribe|eval|evalsha)/.test((await old.client('LIST')) as string);
  await until('the old server is not used any more', async () => !(await isInUse()));
}, 120_000);

async function sayUntilAccepted(say: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await say();
      return;
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

async function startBoth(): Promise<readonly [TestRedis, TestRedis] & AsyncDisposable> {
  await using resources = new AsyncDisposableStack();
  const [master, replica] = [resources.use(await startRedis()), resources.use(await startRedis())] as const;
  const connection = replica.connect();
  await connection.replicaof('127.0.0.1', master.port);
  await until('the replica is connected', async () =>
    (await connection.info('replication')).includes('master_link_status:up'),
  );
  const owned = resources.move();
  return Object.assign([master, replica] as const, { [Symbol.asyncDispose]: () => owned.disposeAsync() });
}
