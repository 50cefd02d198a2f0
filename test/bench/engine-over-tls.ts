import { readFile } from 'node:fs/promises';
import { createOpenAiEngine, type OpenAiEngineOptions } from '@parley/engines';
import type { Engine } from '@parley/translation';
import { startProcess } from '../harness/process.ts';
import { trustEngine } from '../harness/trust-engine.ts';

/** The engine's counts of connections and requests. */
interface EngineCounts {
  readonly connections: number;
  readonly completed: number;
  readonly aborted: number;
  readonly concurrent: number;
}

/** A local engine in a separate process, with and without TLS. */
export interface EngineOverTls extends AsyncDisposable {
  readonly tlsUrl: string;
  readonly plainUrl: string;
  /** The path of the PEM certificate. */
  readonly certificateFile: string;
  counts(): Promise<EngineCounts>;
  /** Returns the CPU time of its process so far, in milliseconds. */
  cpuMs(): Promise<number>;
  /** Creates a client with a worker's options, which the caller closes. */
  connect(options?: Partial<OpenAiEngineOptions>): Engine;
}

/** The defaults of a worker. */
const workerOptions = {
  apiKey: undefined,
  model: 'marked',
  connections: 96,
  connectTimeoutMs: 3000,
  firstTokenTimeoutMs: 5000,
  totalTimeoutMs: 20_000,
  http2: true,
  pooled: true,
  streamFromChars: 160,
  idleTimeoutMs: 60_000,
  refreshIntervalMs: 20_000,
};

/** Clock ticks per second in `/proc`. */
const ticksPerSecond = 100;

export async function startEngineOverTls(latency: string): Promise<EngineOverTls> {
  await using resources = new AsyncDisposableStack();
  const env = { ENGINE_TRANSLATIONS: 'marked', ENGINE_TLS_PORT: '0', ENGINE_LATENCY: latency };
  const process = resources.use(await startProcess({ name: 'engine', env }));
  const { environment } = resources.use(await trustEngine(process.url));
  const certificateAuthority = await readFile(environment.ENGINE_CA_FILE, 'utf8');
  const owned = resources.move();
  return {
    tlsUrl: environment.OPENAI_BASE_URL,
    plainUrl: new URL('/v1', process.url).href,
    certificateFile: environment.ENGINE_CA_FILE,
    counts: async () => (await (await fetch(new URL('/debug/stats', process.url))).json()) as EngineCounts,
    cpuMs: () => cpuMsOf(process.child.pid),
    connect: (options) => createEngineOf({ baseUrl: environment.OPENAI_BASE_URL, certificateAuthority, ...options }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Creates a client with a worker's options and the given overrides. */
export function createEngineOf(options: Partial<OpenAiEngineOptions> & Pick<OpenAiEngineOptions, 'baseUrl'>): Engine {
  return createOpenAiEngine({ predictions: false, ...workerOptions, ...options });
}

async function cpuMsOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}
