import { engineOf, startStack } from '../harness/index.ts';
import type { Bench, BenchOptions, BenchTable, Cell } from './bench.ts';
import { runLoad } from './load-run.ts';

interface Setting {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** Each session is a tenant of its own, so that none shares anything with another. */
  readonly apart?: true;
  readonly finalsOnly?: true;
}

const off = { LATEST_WINS: 'off', SINGLEFLIGHT: 'off', CACHE: 'off' };

/** Each takes one thing more than the one before, from the third on. */
const settings: readonly Setting[] = [
  { name: 'naive: every partial of every session', env: off },
  { name: 'finals only', env: off, finalsOnly: true },
  { name: 'latest-wins', env: { ...off, LATEST_WINS: 'on' } },
  { name: "+ a final joins its partial's call", env: { SINGLEFLIGHT: 'on', CACHE: 'off' }, apart: true },
  { name: '+ calls shared between sessions', env: { SINGLEFLIGHT: 'on', CACHE: 'off' } },
  { name: '+ cache', env: { SINGLEFLIGHT: 'on', CACHE: 'on' } },
];

const shares = [0, 0.1, 1];

/** Shorter than the shortest of the traces, so that no session says anything twice. */
const spokenSeconds = 40;

interface Measured {
  readonly calls: number;
  readonly cells: readonly Cell[];
}

async function measure(
  { env, apart, finalsOnly }: Setting,
  share: number,
  { quick, tell, signal }: BenchOptions,
): Promise<Measured> {
  const [sessions, seconds] = quick ? [5, 6] : [20, spokenSeconds];
  const tenants = Array.from({ length: apart === true ? sessions : 1 }, (_, index) => `tenant-${index}`);
  const keyOf = (tenant: string): string => `the-key-of-${tenant}`;
  await using stack = await startStack({
    env: {
      // What a hosted model often takes: 600 ms (median), 1,400 ms (95th percentile).
      ENGINE_LATENCY: 'typical',
      API_KEYS: tenants.map((tenant) => `${tenant}:${keyOf(tenant)}`).join(),
      ...env,
    },
  });
  const run = await runLoad(
    stack,
    [
      ...['--sessions', String(sessions), '--seconds', String(seconds), '--to', 'es', '--unmark'],
      ...['--unique', '--common', String(share), '--key', tenants.map(keyOf).join()],
      ...(finalsOnly === true ? ['--finals-only'] : []),
    ],
    signal,
  );
  const wrong = run.violations.length + run.failures.length + run.finalsFailed;
  if (wrong > 0) tell(`${wrong} times something was lost, doubled or failed`);
  const { requests, promptTokens, completionTokens } = await engineOf(stack).stats();
  const each = (total: number): number => total / run.finalsSent;
  return {
    calls: each(requests),
    cells: [
      each(requests),
      each(promptTokens + completionTokens),
      each(run.partialsShown),
      milliseconds(run.caughtUpMs.p50),
      milliseconds(run.caughtUpMs.p95),
      milliseconds(run.finalMs.p50),
      milliseconds(run.finalMs.p95),
    ],
  };
}

/** No partials were sent: there is no lag. JSON has no NaN. */
function milliseconds(value: number | null): Cell {
  return value === null || Number.isNaN(value) ? '-' : Math.round(value);
}

async function run(options: BenchOptions): Promise<BenchTable> {
  const rows: Cell[][] = [];
  for (const share of options.quick ? [0, 1] : shares) {
    let naive = Number.NaN;
    for (const setting of settings) {
      const { calls, cells } = await measure(setting, share, options);
      if (Number.isNaN(naive)) naive = calls;
      const percent = `${((calls / naive) * 100).toFixed(0)}%`;
      options.tell(`${share * 100}% in common, ${setting.name}: ${percent} of the naive calls`);
      rows.push([`${share * 100}%`, setting.name, percent, ...cells]);
    }
  }
  return {
    columns: [
      'text in common',
      'setting',
      'calls of naive',
      'calls a sentence',
      'tokens a sentence',
      'revisions shown a sentence',
      'lag p50 ms',
      'lag p95 ms',
      'final p50 ms',
      'final p95 ms',
    ],
    rows,
  };
}

export const callsBench: Bench = {
  name: 'calls',
  question: 'How many calls of the engine does a sentence take, and what is shown of it how soon?',
  run,
};
