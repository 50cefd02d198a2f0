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
      env: { ...environment, ...limits, WORKER_THREADS: String(point.threads), CACHE_REDIS_URL: cache.url },
    }),
  );
  const portOf = (edge: number): number => Number(new URL(stack.streamUrl(edge)).port);
  const [port, listenerPort] = [portOf(0), portOf(point.hasListenersElsewhere ? 1 : 0)];
  const crowd = resources.use(await startCrowd({ ...point, port, listenerPort, apiKey }, signal));
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
    ...stack.edges.map(({ child }) => ({ name: 'edge', pid: child.pid })),
    ...stack.workers.map(({ child }) => ({ name: 'worker', pid: child.pid })),
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

async function snapshot(stack: TestStack, crowd: RunningCrowd, deliveries: number): Promise<Snapshot> {
  const [counts, edgePages, workerPages, engine, info] = await Promise.all([
    crowd.counts(),
    metricsPages(stack.edges),
    metricsPages(stack.workers),
    engineOf(stack).stats(),
    stack.redis.connect().info(),
  ]);
  const judged = (decision: string): number =>
    sumOfSeries(edgePages, 'parley_edge_partials_judged_total', `decision="${decision}"`);
  const redis = (field: string): number => Number(new RegExp(`^${field}:(\\d+)`, 'm').exec(info)?.[1] ?? Number.NaN);
  return {
    atMs: performance.now(),
    crowd: counts,
    puts: judged('sent') + judged('due'),
    partialCalls: sumOfSeries(workerPages, 'parley_worker_engine_call_seconds_count', 'kind="partial"'),
    deliveries,
    engine,
    redisVersion: /^redis_version:(\S+)/m.exec(info)?.[1] ?? 'unknown',
    redisMemory: redis('used_memory'),
    redisBytes: redis('total_net_input_bytes') + redis('total_net_output_bytes'),
  };
}

async function metricsPages(processes: readonly TestProcess[]): Promise<string> {
  const pages = processes.map(async ({ metricsUrl }) => (await fetch(metricsUrl)).text());
  return (await Promise.all(pages)).join('\n');
}

function compare(
  { sessions, listenersPerSession, moreOfEach, threads, hasListenersElsewhere, hasRateLimit }: Point,
  before: Snapshot,
  after: Snapshot,
  processes: readonly ProcessUsage[],
): Pick<MeasuredPoint, 'drivers' | 'usage' | 'engine'> {
  const seconds = (after.atMs - before.atMs) / 1000;
  const rate = (of: (taken: Snapshot) => number): number => (of(after) - of(before)) / seconds;
  const calls = rate(({ engine }) => engine.requests);
  const results = rate(({ crowd }) => crowd.partialResults + crowd.finalResults);
  const received = hasListenersElsewhere ? results : 0;
  const sum = (name: string, of: (entry: ProcessUsage) => number): number =>
    processes.reduce((total, entry) => total + (entry.name === name ? of(entry) : 0), 0);
  const cpu = (name: string): number => sum(name, ({ cpuPercent }) => cpuPercent / 100);
  const memory = (name: string): number => sum(name, ({ peakMemoryMib }) => peakMemoryMib * bytesPerMib);
  return {
    drivers: {
      process: 1,
      moreProcesses: 2 * moreOfEach,
      moreThreads: (1 + moreOfEach) * (threads - 1),
      sessions,
      listeners: sessions * listenersPerSession,
      partials: rate(({ crowd }) => crowd.partials),
      puts: rate(({ puts }) => puts),
      partialCalls: rate(({ partialCalls }) => partialCalls),
      partialResults: rate(({ crowd }) => crowd.partialResults),
      finals: rate(({ crowd }) => crowd.finals),
      finalResults: rate(({ crowd }) => crowd.finalResults),
      listenerFrames: rate(({ crowd }) => crowd.listenerFrames),
      received,
      deliveries: rate(({ deliveries }) => deliveries) + received,
      permits: hasRateLimit ? calls : 0,
    },
    usage: {
      edgeCpu: cpu('edge'),
      workerCpu: cpu('worker'),
      redisCpu: cpu('redis'),
      cacheCpu: cpu('cache'),
      edgeMemory: memory('edge'),
      workerMemory: memory('worker'),
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
