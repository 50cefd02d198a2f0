import { startProcess, type TestProcess } from './process.ts';
import { startRedis, type TestRedis } from './redis.ts';

interface TestStackOptions {
  readonly edges?: number;
  readonly workers?: number;
  /** What the local engine translates with; marked stand-in text needs no Apertium. */
  readonly translations?: 'apertium' | 'marked';
  /** Goes to every process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A whole pipeline of real processes: one Redis, one local engine, edges and workers. */
export interface TestStack extends AsyncDisposable {
  readonly redis: TestRedis;
  readonly engine: TestProcess;
  readonly edges: readonly TestProcess[];
  readonly workers: readonly TestProcess[];
  /** Where clients connect to an edge, counted from 0. */
  streamUrl(edge?: number): string;
  /** Tells the engine at one of its debug addresses what to do. */
  tellEngine(path: `/debug/${string}`, order: object): Promise<void>;
}

export async function startStack(options: TestStackOptions = {}): Promise<TestStack> {
  const { edges: edgeCount = 1, workers: workerCount = 1, translations = 'marked', env = {} } = options;
  await using resources = new AsyncDisposableStack();
  const start = async (name: string, more: Readonly<Record<string, string>>): Promise<TestProcess> =>
    resources.use(await startProcess({ name, env: { ...more, ...env } }));
  const startSome = async (
    count: number,
    name: string,
    more: Readonly<Record<string, string>>,
  ): Promise<TestProcess[]> => {
    const started: TestProcess[] = [];
    // One after the other, so that a failure leaves nothing half started.
    while (started.length < count) started.push(await start(name, more));
    return started;
  };
  const redis = resources.use(await startRedis());
  const engine = await start('engine', { ENGINE_TRANSLATIONS: translations });
  const pipeline = { REDIS_URL: redis.url, OPENAI_BASE_URL: new URL('/v1', engine.url).href };
  const workers = await startSome(workerCount, 'worker', { ...pipeline, WORKER_THREADS: '1' });
  const edges = await startSome(edgeCount, 'edge', pipeline);
  const owned = resources.move();
  return {
    redis,
    engine,
    edges,
    workers,
    streamUrl: (edge = 0) => {
      const url = new URL('/v1/stream', edges[edge]?.url);
      url.protocol = 'ws:';
      return url.href;
    },
    tellEngine: async (path, order) => {
      const response = await fetch(new URL(path, engine.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(order),
      });
      if (!response.ok) throw new Error(`the engine refused ${path}: HTTP ${response.status}`);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
