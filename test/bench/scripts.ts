import { startRedis } from '../harness/index.ts';
import type { Bench, Cell } from './bench.ts';
import { percentile } from './percentile.ts';
import { measureCase } from './scripts/measure-case.ts';
import { pendingCases } from './scripts/pending-cases.ts';
import { segmentCases } from './scripts/segment-cases.ts';
import { sessionCases } from './scripts/session-cases.ts';
import { tenantCases } from './scripts/tenant-cases.ts';

const cases = [...pendingCases, ...sessionCases, ...segmentCases, ...tenantCases];

/** Measures how long each Lua script keeps Redis busy in the worst case that the limits of clients allow. */
export const scriptsBench: Bench = {
  name: 'scripts',
  question: 'How long does each Lua script keep Redis busy in the worst case that its bounds allow?',
  async run({ quick, tell, signal }) {
    await using server = await startRedis();
    const redis = server.connect();
    const rows: Cell[][] = [];
    for (const scriptCase of cases) {
      signal.throwIfAborted();
      const { cpuMs, bytes } = await measureCase(scriptCase, redis, quick ? 1 : 11);
      const sorted = cpuMs.toSorted((one, other) => one - other);
      const times = [percentile(sorted, 0.5), sorted.at(-1)].map((ms = Number.NaN) => ms.toFixed(2));
      tell(`${scriptCase.script}: ${times.join(' ')} ms`);
      rows.push([scriptCase.script, scriptCase.worstCase, (bytes / 2 ** 20).toFixed(1), ...times]);
    }
    return { columns: ['script', 'worst case', 'keys (MiB)', 'median (ms)', 'max (ms)'], rows };
  },
};
