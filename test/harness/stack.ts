import { startProcess, type TestProcess } from './process.ts';
import { startRedis, type TestRedis } from './redis.ts';
import { trustEngine } from './trust-engine.ts';
import { switchOverrides } from './switch-overrides.ts';

interface TestStackOptions {
  readonly edges?: number;
  /** Where edges bring theirs with them (`WORKERS=inline`) there are no others. */
  readonly workers?: number;
  /** What the local engine translates with; marked stand-in text needs no Apertium. */
  readonly translations?: 'apertium' | 'marked' | 'paraphrased';
  /** Whether workers reach the engine over TLS, and so over HTTP/2. */
  readonly tls?: boolean;
  /**
   * Goes to every process. Tests say the same texts again and count the calls, so nothing is cached, and no
   * call made twice, unless they ask for it. What is asked for here stands whatever the run has turned off.
   */
  readonly env?: Readonly<Record<string, string>>;
  /** What `ENGINES` lists for the pipeline, given the base URL of the stack's own engine. */
  readonly engines?: (ownUrl: string) => readonly object[];
}

/** A whole pipeline of real processes: one Redis, one local engine, edges and workers. */
export interface TestStack extends AsyncDisposable {
  readonly redis: TestRedis;
  readonly engine: TestProcess;
  readonly edges: readonly TestProcess[];
  readonly workers: readonly TestProcess[];
  /** The variables by which a worker reaches the engine. */
  readonly engineAccess: Readonly<Record<string, string>>;
  /** Where clients connect to an edge, counted from 0. */
  streamUrl(edge?: number): string;
  /** Tells the engine at one of its debug addresses what to do. */
  postToEngine(path: `/debug/${string}`, order: object): Promise<void>;
  /** Kills an edge or a worker without warning. */
  kill(kind: 'edges' | 'workers', index: number): Promise<void>;
  /** Starts an edge or a worker that was killed or stopped again, where it was. */
  restart(kind: 'edges' | 'workers', index: number): Promise<void>;
}

const commands = { edges: 'edge', workers: 'worker' } as const;

export async function startStack(options: TestStackOptions = {}): Promise<TestStack> {
  const { edges: edgeCount = 1, translations = 'marked', env: asked = {} } = options;
  const env = { ...switchOverrides, ...asked };
  const workerCount = env.WORKERS === 'inline' ? 0 : (options.workers ?? 1);
  // There is a choice of protocol over TLS only.
  const tls = options.tls ?? switchOverrides.HTTP2 !== undefined;
  await using resources = new AsyncDisposableStack();
  const redis = resources.use(await startRedis());
  const engineEnv = { ENGINE_TRANSLATIONS: translations, ...(tls ? { ENGINE_TLS_PORT: '0' } : {}), ...env };
  const engine = resources.use(await startProcess({ name: 'engine', env: engineEnv }));
  const ownUrl = new URL('/v1', engine.url).href;
  const access = tls ? resources.use(await trustEngine(engine.url)).environment : { OPENAI_BASE_URL: ownUrl };
  const endpoints = options.engines && { ENGINES: JSON.stringify(options.engines(ownUrl)) };
  const pipeline = { REDIS_URL: redis.url, ...access, WORKER_THREADS: '1', CACHE: 'off', ...endpoints };
  const running: Record<'edges' | 'workers', TestProcess[]> = { edges: [], workers: [] };
  const start = async (kind: 'edges' | 'workers', more: Readonly<Record<string, string>> = {}): Promise<TestProcess> =>
    resources.use(await startProcess({ name: commands[kind], env: { ...pipeline, ...env, ...more } }));
  // One after the other, so that a failure leaves nothing half started.
  while (running.workers.length < workerCount) running.workers.push(await start('workers'));
  while (running.edges.length < edgeCount) running.edges.push(await start('edges'));
  const owned = resources.move();
  return {
    redis,
    engine,
    engineAccess: access,
    ...running,
    streamUrl: (edge = 0) => {
      const url = new URL('/v1/stream', running.edges[edge]?.url);
      url.protocol = 'ws:';
      return url.href;
    },
    postToEngine: async (path, order) => {
      const response = await fetch(new URL(path, engine.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(order),
      });
      if (!response.ok) throw new Error(`the engine refused ${path}: HTTP ${response.status}`);
    },
    kill: async (kind, index) => {
      const child = running[kind][index]?.child;
      child?.kill();
      await child?.exited;
    },
    restart: async (kind, index) => {
      const before = running[kind][index];
      if (before === undefined) throw new Error(`there is no number ${index} of the ${kind}`);
      const { port } = new URL(before.url);
      const process = await startProcess({
        name: commands[kind],
        env: { ...pipeline, ...env, ...(kind === 'edges' ? { PORT: port } : {}) },
      });
      running[kind][index] = owned.use(process);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
