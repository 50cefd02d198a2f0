import type { Bench, BenchOptions, BenchTable, Cell } from './bench.ts';
import { watchRedis } from './beside/redis-commands.ts';
import { startPeer } from './beside/start-peer.ts';
import type { LoadRun } from './load-run.ts';
import { startPipeline, type RunningPipeline } from './pipeline/running-pipeline.ts';
import { speakLoad } from './pipeline/speak-load.ts';

interface Server {
  readonly name: string;
  readonly start: (signal: AbortSignal) => Promise<RunningPipeline>;
}

const naive: Server = { name: 'naive', start: (signal) => startPeer('naive', signal) };
const careful: Server = { name: 'careful', start: (signal) => startPeer('careful', signal) };
const parley: Server = { name: 'Parley', start: (signal) => startPipeline({}, signal) };
const parleyWithoutHold: Server = {
  name: 'Parley, `PARTIAL_HOLD_MS=0`',
  start: (signal) => startPipeline({ PARTIAL_HOLD_MS: '0' }, signal),
};

interface Talks {
  readonly sessions: number;
  readonly targets: readonly string[];
  /** In order; `careful` precedes the servers that are compared with it. */
  readonly servers: readonly Server[];
}

const oneTarget = ['es'];
const fiveTargets = ['es', 'fr', 'de', 'it', 'pt'];
const everyServer = [naive, careful, parley, parleyWithoutHold];
const usualSessions = 50;
const manySessions = [150, 300];
const usualSeconds = 30;
/** Duration of the separate measurement for counts that would disturb the others. */
const countedSeconds = 10;

/** The parts of a server, by process name. */
const parts: readonly (readonly string[])[] = [['naive'], ['careful'], ['edge'], ['worker'], ['redis', 'cache']];
const disorders = ['revision-decreased', 'revision-repeated', 'partial-after-final', 'final-out-of-order'];

const columns = [
  'sessions x targets',
  'server',
  'partials p50 / p95 / p99',
  'finals p50 / p95 / p99',
  'added to finals p50 / p99',
  'shown of sent',
  'of the careful',
  'breaches of order',
  'other breaches',
  'engine calls',
  'cores',
  'CPU ms a result',
  'memory',
  'Redis calls a result',
  'Redis commands a result',
  'cores of load + engine',
];

/** Runs each server alone with the same traces, one after the other. */
export const beside: Bench = { name: 'beside', question: 'What does Parley cost beside simpler servers?', run };

async function run(options: BenchOptions): Promise<BenchTable> {
  const rows: Cell[][] = [];
  for (const talks of talksFor(options)) {
    let shownByCareful: number | undefined;
    for (const server of talks.servers) {
      const measured = await measure(server, talks, options);
      if (server === careful) shownByCareful = measured.load.partialsShown;
      const size = `${talks.sessions} x ${talks.targets.length}`;
      rows.push([size, server.name, ...cellsOf(measured, talks, shownByCareful)]);
    }
  }
  return { columns, rows };
}

function talksFor({ quick, sessions }: BenchOptions): Talks[] {
  const usual = sessions ?? (quick ? 3 : usualSessions);
  const isUsual = sessions === undefined && !quick;
  const more = (isUsual ? manySessions : []).map((many): Talks => ({
    sessions: many,
    targets: oneTarget,
    servers: [naive, careful, parleyWithoutHold],
  }));
  return [
    { sessions: usual, targets: oneTarget, servers: everyServer },
    ...more,
    { sessions: usual, targets: fiveTargets, servers: everyServer },
  ];
}

interface Measured {
  readonly load: LoadRun;
  readonly engineCalls: number;
  readonly redisPerResult: readonly Cell[];
}

async function measure(
  { name, start }: Server,
  { sessions, targets }: Talks,
  { quick, seconds = quick ? 5 : usualSeconds, tell, signal }: BenchOptions,
): Promise<Measured> {
  tell(`${name}: ${sessions} sessions, ${targets.length} targets, ${seconds} s`);
  await using server = await start(signal);
  const speak = { sessions, targets, ordered: true, signal };
  const load = await speakLoad(server, { ...speak, seconds });
  for (const failure of load.failures.slice(0, 3)) tell(failure);
  const { requests } = await server.engineStats();
  const counted = await redisPerResult(server, { ...speak, seconds: Math.min(seconds, countedSeconds) });
  return { load, engineCalls: requests, redisPerResult: counted };
}

function cellsOf(
  { load, engineCalls, redisPerResult }: Measured,
  { targets }: Talks,
  shownByCareful: number | undefined,
): Cell[] {
  const { partialMs, finalMs, finalAddedMs, partialsShown, partialsSent, violations, processes } = load;
  const cores = (names: readonly string[]): number => sumOf(processes, names, ({ cpuPercent }) => cpuPercent / 100);
  const results = partialsShown + load.finalsTranslated;
  const outOfOrder = violations.filter(({ code }) => disorders.includes(code)).length;
  return [
    milliseconds(partialMs.p50, partialMs.p95, partialMs.p99),
    milliseconds(finalMs.p50, finalMs.p95, finalMs.p99),
    milliseconds(finalAddedMs.p50, finalAddedMs.p99),
    percent(partialsShown / (partialsSent * targets.length)),
    shownByCareful === undefined ? '' : percent(partialsShown / shownByCareful),
    outOfOrder,
    violations.length - outOfOrder + load.failures.length + load.finalsFailed,
    engineCalls,
    ofParts(processes, ({ cpuPercent }) => cpuPercent / 100, 2, ''),
    (cores(parts.flat()) * load.seconds * 1000) / results,
    ofParts(processes, ({ peakMemoryMib }) => peakMemoryMib, 0, ' MiB'),
    ...redisPerResult,
    cores(['load', 'engine']).toFixed(2),
  ];
}

/** Returns Redis calls and commands per shown translation; empty for a server without Redis. */
async function redisPerResult(server: RunningPipeline, speak: Parameters<typeof speakLoad>[1]): Promise<Cell[]> {
  const urls = server.processes.filter(({ name }) => name === 'redis' || name === 'cache').map(({ url }) => url);
  if (urls.length === 0) return ['', ''];
  using counted = await watchRedis(urls, speak.signal);
  const { partialsShown, finalsTranslated } = await speakLoad(server, speak);
  const results = partialsShown + finalsTranslated;
  return [counted.calls / results, counted.commands / results];
}

type Usage = LoadRun['processes'][number];

/** Returns the total of a server's parts, with each part if there are several. */
function ofParts(processes: readonly Usage[], amount: (usage: Usage) => number, digits: number, unit: string): string {
  const amounts = parts
    .filter((names) => processes.some(({ name }) => names.includes(name)))
    .map((names) => sumOf(processes, names, amount));
  const total = amounts.reduce((sum, value) => sum + value, 0).toFixed(digits) + unit;
  return amounts.length < 2 ? total : `${total} (${amounts.map((value) => value.toFixed(digits)).join(' + ')})`;
}

function sumOf(processes: readonly Usage[], names: readonly string[], amount: (usage: Usage) => number): number {
  return processes.reduce((sum, usage) => sum + (names.includes(usage.name) ? amount(usage) : 0), 0);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)}%`;
}

/** JSON has no NaN and writes null, if nothing was shown. */
function milliseconds(...quantiles: readonly (number | null)[]): string {
  return `${quantiles.map((value) => value?.toFixed(value < 10 ? 1 : 0) ?? '-').join(' / ')} ms`;
}
