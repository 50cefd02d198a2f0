import { readFile } from 'node:fs/promises';
import { createOpenAiEngine, type OpenAiEngineOptions } from '@parley/engines';
import type { Engine } from '@parley/translation';
import { startProcess } from '../harness/process.ts';
import { trustEngine } from '../harness/trust-engine.ts';

/** What the engine counts of its connections and requests. */
interface EngineCounts {
  readonly connections: number;
  readonly completed: number;
  readonly aborted: number;
  readonly concurrent: number;
}

/** A local engine in a process of its own that is reached over TLS, and without. */
export interface EngineOverTls extends AsyncDisposable {
  readonly tlsUrl: string;
  readonly plainUrl: string;
  /** The file of the certificate, in PEM. */
  readonly certificateFile: string;
  counts(): Promise<EngineCounts>;
  /** CPU time of its process so far, in milliseconds. */
  cpuMs(): Promise<number>;
  /** A client of it with a worker's options; the caller closes it. */
  connect(options?: Partial<OpenAiEngineOptions>): Engine;
}

/** What a worker asks with, where its environment says nothing. */
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

/** Clock ticks a second of `/proc`. */
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

/** A client with a worker's options, but for those given. */
export function createEngineOf(options: Partial<OpenAiEngineOptions> & Pick<OpenAiEngineOptions, 'baseUrl'>): Engine {
  return createOpenAiEngine({ predictions: false, ...workerOptions, ...options });
}

async function cpuMsOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}
