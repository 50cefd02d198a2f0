import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { ProcessUsageMeter, type ProcessUsage } from '../../../apps/cli/src/load/process-usage.ts';
import { engineOf, startRedis, startStack, type TestProcess, type TestStack } from '../../harness/index.ts';
import type { CrowdCounts } from './crowd.ts';
import type { MeasuredPoint } from './measured-point.ts';
import type { Point } from './points.ts';
import { startCrowd, type RunningCrowd } from './run-crowd.ts';
import { sumOfSeries } from './sum-of-series.ts';

const apiKey = 'a-key-of-the-measured-tenant';
const bytesPerMib = 1024 * 1024;
const neverReached = '900000000';
/** As operators run it, without limits of a tenant and with an engine that answers at once. */
const environment = {
  API_KEYS: `measured:${apiKey}`,
  STABILITY: 'balanced',
  CACHE: 'on',
  ENGINE_LATENCY: 'none',
  MAX_SESSIONS_PER_TENANT: '0',
  MAX_SOCKETS_PER_TENANT: '0',
  MAX_LISTENERS_PER_TENANT: '0',
};

export interface MeasureTimes {
  /** How long the load runs before it is measured: compilers and caches need a few seconds. */
  readonly warmUpMs: number;
  readonly windowMs: number;
}

/**
 * Starts a pipeline of its own, runs one load on it and measures what its processes use.
 *
 * @throws Error if a client is refused or loses its connection
 */
export async function measurePoint(
  point: Point,
  { warmUpMs, windowMs }: MeasureTimes,
  signal: AbortSignal,
): Promise<MeasuredPoint> {
  await using resources = new AsyncDisposableStack();
  const cache = resources.use(await startRedis());
  // As the cache of `parley up`: nothing on disk.
  await cache.connect().config('SET', 'appendonly', 'no');
  const limits = point.hasRateLimit ? { ENGINE_RPM: neverReached, ENGINE_TPM: neverReached } : {};
  const stack = resources.use(
    await startStack({
      edges: 1 + point.moreOfEach,
      workers: 1 + point.moreOfEach,
      env: { ...environment, ...limits, CACHE_REDIS_URL: cache.url },
    }),
  );
  const { edge, worker } = firstOf(stack);
  const port = Number(new URL(edge.url).port);
  const crowd = resources.use(await startCrowd({ ...point, port, apiKey }, signal));
  const delivered = { count: 0 };
  for (const { sessionId } of crowd.sessions) {
    for (let nth = 0; nth < point.subscribersPerSession; nth++) {
      const subscriber = resources.adopt(new Redis(stack.redis.url), (opened) => opened.disconnect());
      subscriber.on('smessage', () => delivered.count++);
      await subscriber.ssubscribe(`{s:${sessionId}}`);
    }
  }
  await sleep(warmUpMs, undefined, { signal });
  const [loadAverage = 0] = loadavg();
  // Counters are read outside of the time in which CPU is measured, since reading them costs some.
  const before = await snapshot(stack, crowd, delivered.count);
  const meter = new ProcessUsageMeter([
    { name: 'edge', pid: edge.child.pid },
    { name: 'worker', pid: worker.child.pid },
    { name: 'redis', pid: stack.redis.pid },
    { name: 'cache', pid: cache.pid },
  ]);
  await sleep(windowMs, undefined, { signal });
  const processes = meter.finish();
  const after = await snapshot(stack, crowd, delivered.count);
  if (after.crowd.problems.length > 0) throw new Error(`${point.name}: ${after.crowd.problems.join(', ')}`);
  return {
    name: point.name,
    loadAverage,
    redisVersion: after.redisVersion,
    ...compare(point, before, after, processes),
  };
}

interface Snapshot {
  readonly atMs: number;
  readonly crowd: CrowdCounts;
  readonly puts: number;
  readonly partialCalls: number;
  readonly deliveries: number;
  readonly engine: { readonly requests: number; readonly promptTokens: number; readonly completionTokens: number };
  readonly redisVersion: string;
  readonly redisMemory: number;
  readonly redisBytes: number;
}

function firstOf({ edges, workers }: TestStack): { readonly edge: TestProcess; readonly worker: TestProcess } {
  const [edge, worker] = [edges[0], workers[0]];
  if (edge === undefined || worker === undefined) throw new Error('the stack lacks an edge or a worker');
  return { edge, worker };
}

async function snapshot(stack: TestStack, crowd: RunningCrowd, deliveries: number): Promise<Snapshot> {
  const { edge, worker } = firstOf(stack);
  const [counts, edgePage, workerPage, engine, info] = await Promise.all([
    crowd.counts(),
    metricsPage(edge),
    metricsPage(worker),
    engineOf(stack).stats(),
    stack.redis.connect().info(),
  ]);
  const judged = (decision: string): number =>
    sumOfSeries(edgePage, 'parley_edge_partials_judged_total', `decision="${decision}"`);
  const redis = (field: string): number => Number(new RegExp(`^${field}:(\\d+)`, 'm').exec(info)?.[1] ?? Number.NaN);
  return {
    atMs: performance.now(),
    crowd: counts,
    puts: judged('sent') + judged('due'),
    partialCalls: sumOfSeries(workerPage, 'parley_worker_engine_call_seconds_count', 'kind="partial"'),
    deliveries,
    engine,
    redisVersion: /^redis_version:(\S+)/m.exec(info)?.[1] ?? 'unknown',
    redisMemory: redis('used_memory'),
    redisBytes: redis('total_net_input_bytes') + redis('total_net_output_bytes'),
  };
}

async function metricsPage({ metricsUrl }: TestProcess): Promise<string> {
  return await (await fetch(metricsUrl)).text();
}

function compare(
  { sessions, listenersPerSession, moreOfEach, hasRateLimit }: Point,
  before: Snapshot,
  after: Snapshot,
  processes: readonly ProcessUsage[],
): Pick<MeasuredPoint, 'drivers' | 'usage' | 'engine'> {
  const seconds = (after.atMs - before.atMs) / 1000;
  const rate = (of: (taken: Snapshot) => number): number => (of(after) - of(before)) / seconds;
  const calls = rate(({ engine }) => engine.requests);
  const used = (name: string): ProcessUsage => {
    const found = processes.find((entry) => entry.name === name);
    if (found === undefined) throw new Error(`${name} was not measured`);
    return found;
  };
  return {
    drivers: {
      process: 1,
      moreProcesses: 2 * moreOfEach,
      sessions,
      listeners: sessions * listenersPerSession,
      partials: rate(({ crowd }) => crowd.partials),
      puts: rate(({ puts }) => puts),
      partialCalls: rate(({ partialCalls }) => partialCalls),
      partialResults: rate(({ crowd }) => crowd.partialResults),
      finals: rate(({ crowd }) => crowd.finals),
      finalResults: rate(({ crowd }) => crowd.finalResults),
      listenerFrames: rate(({ crowd }) => crowd.listenerFrames),
      deliveries: rate(({ deliveries }) => deliveries),
      permits: hasRateLimit ? calls : 0,
    },
    usage: {
      edgeCpu: used('edge').cpuPercent / 100,
      workerCpu: used('worker').cpuPercent / 100,
      redisCpu: used('redis').cpuPercent / 100,
      cacheCpu: used('cache').cpuPercent / 100,
      edgeMemory: used('edge').peakMemoryMib * bytesPerMib,
      workerMemory: used('worker').peakMemoryMib * bytesPerMib,
      redisMemory: before.redisMemory,
      redisGrowth: Math.max(
        0,
        rate(({ redisMemory }) => redisMemory),
      ),
      redisBytes: rate(({ redisBytes }) => redisBytes),
      clientBytes: rate(({ crowd }) => crowd.clientBytes),
    },
    engine: { calls, tokens: rate(({ engine }) => engine.promptTokens + engine.completionTokens) },
  };
}
