import type { Bench, Cell } from './bench.ts';
import { startEngineOverTls } from './engine-over-tls.ts';
import { percentile } from './percentile.ts';
import { translateMany } from './translate-many.ts';

const concurrency = 50;

/** Compares many streams on one connection with one connection per concurrent call. */
export const http2: Bench = {
  name: 'http2',
  question: 'What does HTTP/2 save over HTTP/1.1, both over TLS with kept connections?',
  async run({ quick, tell, signal }) {
    const count = quick ? 500 : 10_000;
    const rows: Cell[][] = [];
    for (const latency of ['none', '180/350,1/2']) {
      await using server = await startEngineOverTls(latency);
      for (const [protocol, isHttp2] of [
        ['HTTP/2', true],
        ['HTTP/1.1', false],
      ] as const) {
        signal.throwIfAborted();
        const name = `${protocol}, engine ${latency === 'none' ? 'without delay' : '180 ms'}`;
        tell(name);
        const before = await server.counts();
        const engine = server.connect({ http2: isHttp2 });
        const startedAtMs = performance.now();
        const engineCpuBeforeMs = await server.cpuMs();
        await engine.warm(signal);
        const warmMs = performance.now() - startedAtMs;
        const warmCpuMs = (await server.cpuMs()) - engineCpuBeforeMs;
        const engineCpuMs = await server.cpuMs();
        const cpu = process.cpuUsage();
        const { latenciesMs, failed } = await translateMany(engine, { count, concurrency, name });
        const { user, system } = process.cpuUsage(cpu);
        const engineCpuAfterMs = await server.cpuMs();
        const after = await server.counts();
        await engine.close();
        rows.push([
          name,
          after.connections - before.connections,
          warmMs,
          warmCpuMs,
          failed,
          percentile(latenciesMs, 0.5),
          percentile(latenciesMs, 0.95),
          (user + system) / 1000 / count,
          (engineCpuAfterMs - engineCpuMs) / count,
        ]);
      }
    }
    return {
      columns: [
        'protocol',
        'connections opened',
        'warming, ms',
        "warming, engine's CPU ms",
        'failed',
        'p50, ms',
        'p95, ms',
        "worker's CPU a call, ms",
        "engine's CPU a call, ms",
      ],
      rows,
    };
  },
};
