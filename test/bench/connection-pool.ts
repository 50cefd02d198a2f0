import type { OpenAiEngineOptions } from '@parley/engines';
import type { Bench, Cell } from './bench.ts';
import { startDistantProxy } from './distant-proxy.ts';
import { startEngineOverTls, type EngineOverTls } from './engine-over-tls.ts';
import { percentile } from './percentile.ts';
import { translateMany } from './translate-many.ts';

const concurrency = 50;
const abortEvery = 4;
/** One-way delay to an engine in a data center on the same continent. */
const oneWayMs = 10;

type SetUp = readonly [name: string, options: (engine: EngineOverTls) => Partial<OpenAiEngineOptions>];

const setUps: readonly SetUp[] = [
  ['HTTP/2 over TLS', () => ({})],
  ['HTTP/1.1 over TLS', () => ({ http2: false })],
  ['HTTP/1.1 without TLS', ({ plainUrl }) => ({ baseUrl: plainUrl })],
  ['HTTP/2 over TLS, CONNECTION_POOL=off', () => ({ pooled: false })],
  ['HTTP/1.1 over TLS, CONNECTION_POOL=off', () => ({ http2: false, pooled: false })],
];

/** Compares kept connections with a new one for each call. */
export const connectionPool: Bench = {
  name: 'pool',
  question:
    'How many connections do translations open once the worker has started, and what does a call pay without a pool?',
  async run({ quick, tell, signal }) {
    const [count, alone] = quick ? [500, 20] : [10_000, 300];
    const rows: Cell[][] = [];
    await using busy = await startEngineOverTls('20/60,1/2');
    await using idle = await startEngineOverTls('none');
    for (const [name, optionsOf] of setUps) {
      signal.throwIfAborted();
      tell(name);
      const options = optionsOf(busy);
      const engine = busy.connect(options);
      if (options.pooled !== false) await engine.warm(signal);
      const before = await busy.counts();
      const load = { count, concurrency, abortEvery, abortWithinMs: 30, name };
      const { aborted, failed, latenciesMs } = await translateMany(engine, load);
      const after = await busy.counts();
      await engine.close();
      rows.push([
        name,
        count,
        aborted,
        failed,
        after.connections - before.connections,
        percentile(latenciesMs, 0.5),
        percentile(latenciesMs, 0.95),
        ...(await callAlone(idle, optionsOf(idle), alone, name)),
      ]);
    }
    return {
      columns: [
        'connections',
        'translations',
        'aborted',
        'failed',
        'opened after the start',
        'p50, ms',
        'p95, ms',
        'a call alone, p50 ms',
        `${oneWayMs} ms away, p50 ms`,
        "worker's CPU a call, ms",
      ],
      rows,
    };
  },
};

/** Measures sequential calls: latency without and with a delay, and CPU time of the client. */
async function callAlone(
  server: EngineOverTls,
  options: Partial<OpenAiEngineOptions>,
  count: number,
  name: string,
): Promise<Cell[]> {
  const baseUrl = new URL(options.baseUrl ?? server.tlsUrl);
  const measure = async (given: Partial<OpenAiEngineOptions>) => {
    const engine = server.connect(given);
    await translateMany(engine, { count: 5, concurrency: 1, name: 'before' });
    const before = process.cpuUsage();
    const { latenciesMs } = await translateMany(engine, { count, concurrency: 1, name });
    const { user, system } = process.cpuUsage(before);
    await engine.close();
    return { p50: percentile(latenciesMs, 0.5), cpuMs: (user + system) / 1000 / count };
  };
  const near = await measure(options);
  await using proxy = await startDistantProxy(Number(baseUrl.port), oneWayMs);
  baseUrl.port = String(proxy.port);
  const far = await measure({ ...options, baseUrl: baseUrl.href });
  return [near.p50, far.p50, near.cpuMs];
}
