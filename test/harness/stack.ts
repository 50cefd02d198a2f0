import { startProcess, type TestProcess } from './process.ts';
import { startRedis, type TestRedis } from './redis.ts';
import { trustEngine } from './trust-engine.ts';
import { switchOverrides } from './switch-overrides.ts';
import type { Topology } from './topologies/index.ts';

interface TestStackOptions {
  readonly edges?: number;
  /** Ignored with `WORKERS=inline`. */
  readonly workers?: number;
  /** The Redis of the pipeline, which stays the caller's; default: one server of its own. */
  readonly topology?: Pick<Topology, 'env'>;
  /** The translator of the local engine; `marked` needs no Apertium. */
  readonly translations?: 'apertium' | 'marked' | 'paraphrased';
  /** Whether workers connect to the engine over TLS, and therefore HTTP/2. */
  readonly tls?: boolean;
  /** Passed to every process. Tests repeat texts and count calls, so the cache is off unless enabled here. Takes precedence over `TEST_SWITCH`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Returns the value of `ENGINES`, given the base URL of the stack's own engine. */
  readonly engines?: (ownUrl: string) => readonly object[];
}

/** A pipeline of real processes: one Redis, one local engine, edges and workers. */
export interface TestStack extends AsyncDisposable {
  /** The stack's own Redis. @throws Error if it uses the one of a topology */
  readonly redis: TestRedis;
  readonly engine: TestProcess;
  readonly edges: readonly TestProcess[];
  readonly workers: readonly TestProcess[];
  /** The variables with which a worker connects to the engine. */
  readonly engineAccess: Readonly<Record<string, string>>;
  /** Returns the WebSocket URL of an edge by its index. */
  streamUrl(edge?: number): string;
  /** Sends a command to a debug endpoint of the engine. */
  postToEngine(path: `/debug/${string}`, order: object): Promise<void>;
  /** Kills an edge or a worker. */
  kill(kind: 'edges' | 'workers', index: number): Promise<void>;
  /** Restarts an edge or a worker, an edge on the same port. */
  restart(kind: 'edges' | 'workers', index: number): Promise<void>;
}

const commands = { edges: 'edge', workers: 'worker' } as const;

export async function startStack(options: TestStackOptions = {}): Promise<TestStack> {
  const { edges: edgeCount = 1, translations = 'marked', env: asked = {} } = options;
  // Most tests expect every translation of a partial; those of stability ask for another setting.
  const env: Readonly<Record<string, string>> = { STABILITY: 'off', ...switchOverrides, ...asked };
  const workerCount = env.WORKERS === 'inline' ? 0 : (options.workers ?? 1);
  // The protocol is negotiated over TLS only.
  const tls = options.tls ?? switchOverrides.HTTP2 !== undefined;
  await using resources = new AsyncDisposableStack();
  const redis = options.topology === undefined ? resources.use(await startRedis()) : undefined;
  const redisEnv = options.topology?.env ?? { REDIS_URL: redis?.url ?? '' };
  const engineEnv = { ENGINE_TRANSLATIONS: translations, ...(tls ? { ENGINE_TLS_PORT: '0' } : {}), ...env };
  const engine = resources.use(await startProcess({ name: 'engine', env: engineEnv }));
  const ownUrl = new URL('/v1', engine.url).href;
  const access = tls ? resources.use(await trustEngine(engine.url)).environment : { OPENAI_BASE_URL: ownUrl };
  const endpoints = options.engines && { ENGINES: JSON.stringify(options.engines(ownUrl)) };
  const pipeline = { ...redisEnv, ...access, WORKER_THREADS: '1', CACHE: 'off', ...endpoints };
  const running: Record<'edges' | 'workers', TestProcess[]> = { edges: [], workers: [] };
  const start = async (kind: 'edges' | 'workers', more: Readonly<Record<string, string>> = {}): Promise<TestProcess> =>
    resources.use(await startProcess({ name: commands[kind], env: { ...pipeline, ...env, ...more } }));
  // Sequential, so that a failure leaves nothing half started.
  while (running.workers.length < workerCount) running.workers.push(await start('workers'));
  while (running.edges.length < edgeCount) running.edges.push(await start('edges'));
  const owned = resources.move();
  return {
    get redis() {
      if (redis === undefined) throw new Error('this stack uses the Redis of a topology');
      return redis;
    },
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
      if (before === undefined) throw new Error(`there is no ${kind} with the index ${index}`);
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
