import type { StabilitySetting } from '@parley/protocol';
import { engineOf, startStack } from '../harness/index.ts';
import type { Bench, BenchOptions, BenchTable, Cell } from './bench.ts';
import { runLoad } from './load-run.ts';

interface Setting {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** Gives each session its own tenant, so that sessions share nothing. */
  readonly apart?: true;
  readonly finalsOnly?: true;
  /** Sessions have `off` unless it is set. */
  readonly stability?: StabilitySetting;
}

const off = { SINGLEFLIGHT: 'off', CACHE: 'off', PARTIAL_HOLD_MS: '0' };

/** From the third on, each adds one optimization to the previous one. */
const settings: readonly Setting[] = [
  { name: 'finals only', env: off, finalsOnly: true },
  { name: 'newest-wins', env: off },
  {
    name: "+ a final joins its partial's call",
    env: { ...off, SINGLEFLIGHT: 'on' },
    apart: true,
  },
  { name: '+ calls shared between sessions', env: { ...off, SINGLEFLIGHT: 'on' } },
  { name: '+ cache', env: { CACHE: 'on', PARTIAL_HOLD_MS: '0' } },
  { name: '+ partials that add little are debounced', env: { CACHE: 'on' } },
  { name: '+ stability `balanced`', env: { CACHE: 'on' }, stability: 'balanced' },
  { name: 'the same with `high`', env: { CACHE: 'on' }, stability: 'high' },
];

interface Conversation {
  /** The local engine's latency: `typical` is that of a hosted model (600 ms, 1,400 ms), `fast` that of a fast one (180, 350 ms). */
  readonly engine: 'typical' | 'fast';
  /** The share of texts that all sessions have in common. */
  readonly share: number;
}

const conversations: readonly Conversation[] = [
  { engine: 'typical', share: 0 },
  { engine: 'typical', share: 0.1 },
  { engine: 'typical', share: 1 },
  { engine: 'fast', share: 0 },
];

/** Shorter than the shortest trace, so that no session repeats a text. */
const spokenSeconds = 40;

/** High enough that no call waits: one job per revision of every session needs about 80 concurrent calls. */
const roomy = { PARTIAL_CONCURRENCY: '256', ENGINE_CONNECTIONS: '400' };

interface Measured {
  readonly calls: number;
  /** Transcripts per sentence; a naive server makes a call for each. */
  readonly sent: number;
  readonly cells: readonly Cell[];
}

async function measure(
  { env, apart, finalsOnly, stability = 'off' }: Setting,
  { engine, share }: Conversation,
  { quick, tell, signal }: BenchOptions,
): Promise<Measured> {
  const [sessions, seconds] = quick ? [5, 6] : [20, spokenSeconds];
  const tenants = Array.from({ length: apart === true ? sessions : 1 }, (_, index) => `tenant-${index}`);
  const keyOf = (tenant: string): string => `the-key-of-${tenant}`;
  await using stack = await startStack({
    env: {
      ENGINE_LATENCY: engine,
      ...roomy,
      API_KEYS: tenants.map((tenant) => `${tenant}:${keyOf(tenant)}`).join(),
      ...env,
    },
  });
  const run = await runLoad(
    stack.streamUrl(),
    [
      ...['--sessions', String(sessions), '--seconds', String(seconds), '--to', 'es', '--unmark'],
      ...['--unique', '--common', String(share), '--key', tenants.map(keyOf).join(), '--stability', stability],
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
    sent: each(run.partialsSent) + 1,
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

/** Without partials there is no lag, and JSON has no NaN. */
function milliseconds(value: number | null): Cell {
  return value === null || Number.isNaN(value) ? '-' : Math.round(value);
}

async function run(options: BenchOptions): Promise<BenchTable> {
  const rows: Cell[][] = [];
  for (const conversation of options.quick ? conversations.slice(0, 1) : conversations) {
    const { engine, share } = conversation;
    let naive = Number.NaN;
    for (const setting of settings) {
      const { calls, sent, cells } = await measure(setting, conversation, options);
      if (Number.isNaN(naive)) naive = sent;
      const percent = `${((calls / naive) * 100).toFixed(0)}%`;
      options.tell(`${engine}, ${share * 100}% in common, ${setting.name}: ${percent} of the naive calls`);
      rows.push([engine, `${share * 100}%`, setting.name, percent, ...cells]);
    }
  }
  return {
    columns: [
      'engine',
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
  question: 'How many engine calls does a sentence take, and how soon is its translation shown?',
  run,
};
