import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench, Cell } from './bench.ts';
import { startDistantProxy } from './distant-proxy.ts';
import { startEngineOverTls } from './engine-over-tls.ts';
import { percentile } from './percentile.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('first-calls.ts', import.meta.url));

/** Compares connections opened before the first job with those that the first job opens. */
export const warming: Bench = {
  name: 'warming',
  question: 'How long does the first translation after a start take, against later ones, over TLS?',
  async run({ quick, tell, signal }) {
    const starts = quick ? 3 : 20;
    const rows: Cell[][] = [];
    await using server = await startEngineOverTls('none');
    for (const oneWayMs of [0, 10]) {
      const baseUrl = new URL(server.tlsUrl);
      await using proxy = await startDistantProxy(Number(baseUrl.port), oneWayMs);
      baseUrl.port = String(proxy.port);
      for (const start of ['warm', 'cold']) {
        const name = `${start === 'warm' ? 'warmed' : 'PREWARM=off'}, engine ${oneWayMs} ms away`;
        tell(name);
        const [first, later]: [number[], number[]] = [[], []];
        for (let count = 0; count < starts; count++) {
          const { stdout } = await run(process.execPath, [program, baseUrl.href, server.certificateFile, start], {
            signal,
          });
          const [firstMs = Number.NaN, ...laterMs] = JSON.parse(stdout) as number[];
          first.push(firstMs);
          later.push(percentile(laterMs, 0.5));
        }
        const [firstMs, laterMs] = [percentile(first, 0.5), percentile(later, 0.5)];
        rows.push([name, starts, firstMs, percentile(first, 0.95), laterMs, firstMs / laterMs]);
      }
    }
    return {
      columns: ['start', 'starts', 'first, median ms', 'first, p95 ms', 'later, median ms', 'first / later'],
      rows,
    };
  },
};
