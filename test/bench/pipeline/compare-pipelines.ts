import type { BenchOptions, BenchTable, Cell } from '../bench.ts';
import { startPipeline } from './running-pipeline.ts';
import { speakLoad } from './speak-load.ts';

/** A configuration of the pipeline. */
export interface SetUp {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
}

const pipelineParts = ['edge', 'worker', 'redis'];

const columns = [
  'set-up',
  'partials p50 / p95 / p99',
  'caught up p50 / p95',
  'finals p50 / p95 / p99',
  'shown of sent',
  'engine calls',
  'edge + worker + Redis, CPU of one core',
  'everything, memory',
  'promises broken',
];

/** Runs the same load against each configuration, one after the other, and compares the results. */
export async function comparePipelines(
  setUps: readonly SetUp[],
  usual: { readonly sessions: number; readonly seconds: number },
  { quick, tell, signal, ...asked }: BenchOptions,
): Promise<BenchTable> {
  const { sessions = quick ? 3 : usual.sessions, seconds = quick ? 5 : usual.seconds } = asked;
  const rows: Cell[][] = [];
  for (const { name, env } of setUps) {
    tell(`${name}: ${sessions} sessions for ${seconds} s`);
    await using pipeline = await startPipeline(env, signal);
    const load = await speakLoad(pipeline, { sessions, seconds, signal });
    const { requests } = await pipeline.engineStats();
    const cpuPercent = sum(
      load.processes.filter((entry) => pipelineParts.includes(entry.name)).map((entry) => entry.cpuPercent),
    );
    const memoryMib = sum(load.processes.filter((entry) => entry.name !== 'load').map((entry) => entry.peakMemoryMib));
    rows.push([
      name,
      `${ms(load.partialMs.p50)} / ${ms(load.partialMs.p95)} / ${ms(load.partialMs.p99)} ms`,
      `${ms(load.caughtUpMs.p50)} / ${ms(load.caughtUpMs.p95)} ms`,
      `${ms(load.finalMs.p50)} / ${ms(load.finalMs.p95)} / ${ms(load.finalMs.p99)} ms`,
      `${load.partialsShown} of ${load.partialsSent}`,
      requests,
      `${cpuPercent.toFixed(0)}%`,
      `${memoryMib.toFixed(0)} MiB`,
      load.violations.length,
    ]);
  }
  return { columns, rows };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function ms(value: number): string {
  return value.toFixed(0);
}
