import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { loadConfig } from '@parley/config';
import { QueueProducer } from '@parley/queues';
import { createLogger, createThreadMetrics, createThreadRegistry } from '@parley/telemetry';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRedis } from '../../../test/harness/index.ts';
import { ConsumerThread, ThreadStartError } from '../src/supervisor/consumer-thread.ts';
import { ThreadGroup, type ThreadGroupOptions } from '../src/supervisor/thread-group.ts';

let redis: Awaited<ReturnType<typeof startRedis>>;
const asked: string[] = [];
const engine = createServer((request, response) => {
  asked.push(request.url ?? '');
  response.end('{"object":"list","data":[]}');
});
beforeAll(async () => {
  redis = await startRedis();
  await once(engine.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  engine.closeAllConnections();
  engine.close();
  await redis[Symbol.asyncDispose]();
});

const environment = () => ({
  REDIS_URL: redis.url,
  OPENAI_BASE_URL: `http://127.0.0.1:${(engine.address() as AddressInfo).port}/v1`,
  WORKER_THREADS: '2',
  LOG_LEVEL: 'silent',
});

const surroundings = () => {
  const registry = createThreadRegistry();
  return {
    onTroubles: () => undefined,
    metrics: createThreadMetrics(registry),
    oldestWaiting: () => Promise.resolve({}),
    registry,
  };
};

describe('the threads of a worker', () => {
  it('are warmed before they are ready, and replaced when they die', async () => {
    const config = loadConfig(environment());
    const started: ConsumerThread[] = [];
    const { promise: replaced, resolve } = Promise.withResolvers<undefined>();
    const startThread: ThreadGroupOptions['startThread'] = async (...given) => {
      const thread = await ConsumerThread.start(...given);
      if (started.push(thread) === 3) resolve(undefined);
      return thread;
    };
    const group = await ThreadGroup.start(config, {
      logger: createLogger(config, 'worker'),
      ...surroundings(),
      startThread,
    });
    expect(group.size).toBe(2);
    expect(asked.filter((url) => url === '/v1/models').length).toBeGreaterThanOrEqual(2);
    await started[0]?.close(0);
    await replaced;
    await new Promise((next) => setImmediate(next));
    expect(group.size).toBe(2);
    expect(await group.metrics()).toHaveLength(2);
    expect((await group.snapshots()).map(({ thread }) => thread)).toEqual([expect.any(Number), 3]);
    expect(group.replaced).toBe(1);
    await group.close(1000);
    expect(group.size).toBe(0);
  });

  it('leave none behind where one does not start', async () => {
    const config = loadConfig(environment());
    const started: ConsumerThread[] = [];
    let starts = 0;
    const startThread: ThreadGroupOptions['startThread'] = async (...given) => {
      if (++starts > 1) throw new ThreadStartError('no more');
      const thread = await ConsumerThread.start(...given);
      started.push(thread);
      return thread;
    };
    const group = ThreadGroup.start(config, {
      logger: createLogger(config, 'worker'),
      ...surroundings(),
      startThread,
    });
    await expect(group).rejects.toThrow('no more');
    await Promise.all(started.map((thread) => thread.exited));
  });

  it('are replaced if they take no jobs while some wait', async () => {
    const config = loadConfig({ ...environment(), WORKER_THREADS: '1' });
    await using opened = new AsyncDisposableStack();
    const producer = opened.adopt(new QueueProducer(redis.connect(), 1, () => undefined), (queues) => queues.close());
    let starts = 0;
    const startThread: ThreadGroupOptions['startThread'] = (...given) =>
      ++starts === 1
        ? ConsumerThread.start(...given, new URL('stuck-thread.ts', import.meta.url))
        : ConsumerThread.start(...given);
    const { registry, ...rest } = surroundings();
    const oldestWaiting = () => producer.oldestWaiting();
    const logger = createLogger(config, 'worker');
    opened.adopt(await ThreadGroup.start(config, { ...rest, logger, oldestWaiting, startThread }), (group) =>
      group.close(1000),
    );
    // The number of a job tells when it was created.
    const number = String((Date.now() - 6000) * 1000);
    await producer.add('final', [{ data: { v: 1, sessionId: 'none', segmentId: 1, target: 'es', number } }]);
    expect(await oldestWaiting()).toHaveProperty('final');
    while ('final' in (await oldestWaiting())) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(starts).toBe(2);
    expect(await registry.metrics()).toContain('parley_worker_thread_restarts_total{reason="stuck"} 1');
  });
});
