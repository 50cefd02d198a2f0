import type { Redis } from 'ioredis';
import { residentMib } from '../../apps/cli/src/load/process-usage.ts';
import type { TestProcess, TestStack } from '../harness/index.ts';
import type { TestRedis } from '../harness/redis.ts';
import { countKeys } from './key-census.ts';

const mebibyte = 1024 * 1024;
const metricsTimeoutMs = 10_000;

/** What is measured at a time; the unit is in the name. */
export interface Measurement {
  /** Of what lives as long as the run. */
  readonly lasting: ReadonlyMap<string, number>;
  /** Of processes that are killed and restarted; missing while they are down. */
  readonly restarted: ReadonlyMap<string, number>;
  /** The keys of the sessions' Redis by family. */
  readonly keys: ReadonlyMap<string, number>;
}

/** Measures a stack whose first edge and worker live as long as the run. */
export class StackMeter {
  readonly #stack: TestStack;
  readonly #servers: readonly { name: string; pid: number; redis: Redis }[];
  readonly #sessions: Redis;

  constructor(stack: TestStack, cache: TestRedis) {
    this.#stack = stack;
    this.#sessions = stack.redis.connect();
    this.#servers = [
      { name: 'Redis', pid: stack.redis.pid, redis: this.#sessions },
      { name: 'cache', pid: cache.pid, redis: cache.connect() },
    ];
  }

  /** @throws Error if one of the lasting processes has ended */
  async measure(): Promise<Measurement> {
    const { edges, workers, engine } = this.#stack;
    const lasting = new Map<string, number>();
    for (const [name, process] of Object.entries({ edge: edges[0], worker: workers[0], engine })) {
      if (process === undefined) throw new Error(`there is no ${name}`);
      lasting.set(`${name}, resident MiB`, residentMib(process.child.pid));
      if (name !== 'engine') lasting.set(`${name}, main thread's heap MiB`, await heapMib(process));
    }
    for (const { name, pid, redis } of this.#servers) {
      lasting.set(`${name}, resident MiB`, residentMib(pid));
      lasting.set(`${name}, used_memory MiB`, await usedMib(redis));
      lasting.set(`${name}, keys`, await redis.dbsize());
    }
    const others = [...edges.slice(1).map(named('edge')), ...workers.slice(1).map(named('worker'))];
    return { lasting, restarted: new Map(others.flatMap(residentIfRunning)), keys: await countKeys(this.#sessions) };
  }
}

const named =
  (role: string) =>
  (process: TestProcess, index: number): [string, TestProcess] => [`${role} ${index + 2}, resident MiB`, process];

function residentIfRunning([name, { child }]: [string, TestProcess]): [string, number][] {
  try {
    return [[name, residentMib(child.pid)]];
  } catch {
    return [];
  }
}

/** What V8 uses on its heap and outside of it, garbage included. */
async function heapMib({ metricsUrl }: TestProcess): Promise<number> {
  const response = await fetch(metricsUrl, { signal: AbortSignal.timeout(metricsTimeoutMs) });
  const page = await response.text();
  const bytes = ['nodejs_heap_size_used_bytes', 'nodejs_external_memory_bytes'].map((name) =>
    Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(page)?.[1]),
  );
  return bytes.reduce((sum, value) => sum + value, 0) / mebibyte;
}

async function usedMib(redis: Redis): Promise<number> {
  const info = await redis.info('memory');
  return Number(/^used_memory:(\d+)/m.exec(info)?.[1]) / mebibyte;
}
