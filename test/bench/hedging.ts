import { createFailoverEngine, createOpenAiEngine } from '@parley/engines';
import { systemClock, type Engine } from '@parley/translation';
import { engineAt, startProcess } from '../harness/index.ts';
import type { Bench, BenchOptions } from './bench.ts';

interface Measured {
  readonly latenciesMs: readonly number[];
  readonly requests: number;
  readonly won: number;
}

/** Each of them asks, waits for the answer, and asks again. */
const askers = 20;

/** Those of `ENGINE_LATENCY`, and one whose slowest twentieth takes ten times as long as its median. */
const profiles = { fast: 'fast', typical: 'typical', 'long tail': '300/3000,5/10' } as const;

/** Finals at a local engine with the latencies of a remote one; each run draws the same ones. */
export const hedging: Bench = {
  name: 'hedging',
  question: 'What does a second call for slow finals cost and save (local engine with the latencies of a remote one)?',
  async run(options) {
    const rows: (string | number)[][] = [];
    for (const [profile, latency] of Object.entries(profiles).slice(0, options.quick ? 1 : undefined)) {
      for (const isOn of [false, true]) {
        options.tell(`${profile}, hedging ${isOn ? 'on' : 'off'}`);
        const { latenciesMs, requests, won } = await measure(latency, isOn, options);
        const finals = latenciesMs.length;
        const quantiles = [0.5, 0.95, 0.99, 0.999].map((share) => quantile(latenciesMs, share));
        rows.push([profile, isOn ? 'on' : 'off', finals, ...quantiles, (100 * (requests - finals)) / finals, won]);
      }
    }
    const columns = ['engine', 'HEDGING', 'finals', 'p50 ms', 'p95 ms', 'p99 ms', 'p99.9 ms', 'extra calls %', 'won'];
    return { columns, rows };
  },
};

async function measure(latency: string, isOn: boolean, { quick, signal }: BenchOptions): Promise<Measured> {
  const env = { ENGINE_TRANSLATIONS: 'marked', ENGINE_LATENCY: latency };
  await using server = await startProcess({ name: 'engine', env });
  await using resources = new AsyncDisposableStack();
  let won = 0;
  const engine = resources.adopt(
    createEngine(new URL('/v1', server.url).href, isOn, () => won++),
    (opened) => opened.close(),
  );
  await engine.warm(signal);
  const finals = quick ? 400 : 2000;
  const latenciesMs: number[] = [];
  let asked = 0;
  const ask = async (): Promise<void> => {
    while (asked < finals) {
      const text = `This is sentence number ${asked++} of a long talk about nothing.`;
      const startedAtMs = performance.now();
      for await (const piece of engine.translate({ text, source: 'en', target: 'es', kind: 'final', signal })) {
        if (piece.type === 'text') latenciesMs.push(performance.now() - startedAtMs);
      }
    }
  };
  await Promise.all(Array.from({ length: askers }, ask));
  const { requests } = await engineAt(server.url).stats();
  return { latenciesMs, requests, won };
}

function createEngine(baseUrl: string, isOn: boolean, onWon: () => void): Engine {
  const engine = createOpenAiEngine({
    baseUrl,
    apiKey: undefined,
    model: 'any',
    connections: 2 * askers,
    connectTimeoutMs: 3000,
    firstTokenTimeoutMs: 30_000,
    totalTimeoutMs: 30_000,
    http2: true,
    pooled: true,
    streamFromChars: 160,
    predictions: false,
    idleTimeoutMs: 60_000,
    refreshIntervalMs: 20_000,
  });
  const ignore = (): void => undefined;
  return createFailoverEngine({
    endpoints: [{ name: 'local', engine, for: 'both' }],
    circuit: { windowCalls: 20, minimumCalls: 6, failureShare: 0.5, firstPauseMs: 1000, maxPauseMs: 8000 },
    hedging: isOn,
    observer: {
      endpointCalled: ignore,
      endpointPassedOver: ignore,
      circuitChanged: ignore,
      failedOver: ignore,
      hedged: (_, outcome) => {
        if (outcome === 'won') onWon();
      },
    },
    clock: systemClock,
    random: Math.random,
  });
}

function quantile(samples: readonly number[], share: number): number {
  return samples.toSorted((one, other) => one - other)[Math.ceil(share * samples.length) - 1] ?? Number.NaN;
}
