import { stabilityMeasures, sumCounts } from '@parley/translation';
import { startStack, workerMetric, type TestStack } from '../harness/index.ts';
import type { Bench, BenchOptions, Cell } from './bench.ts';
import { createEngineOf } from './engine-over-tls.ts';
import { percentile } from './percentile.ts';
import { readTalks, recognizers, type Recognizer } from './recorded-segments.ts';
import { measureSegment, type MeasuredSegment } from './stability/measure-segment.ts';
import { playTalk } from './stability/play-talk.ts';
import { translateOnce } from './translate-many.ts';

const switches = ['off', 'on'] as const;
/** `typical`: a hosted model, 600 ms for a sentence; `slow`: a model on a CPU, ten tokens a second. */
const engines = { typical: 'typical', slow: '800/1200,100/150' } as const;

interface Side {
  readonly engine: keyof typeof engines;
  readonly recognizer: Recognizer;
  readonly streamed: (typeof switches)[number];
}
const targetLanguage = 'es';
const columns = [
  'engine',
  'recognizer',
  'streamed',
  'replies with early words',
  'early by p50 ms',
  'p95 ms',
  'early updates a segment',
  'messages a segment',
  'worker CPU ms a segment',
  'erased',
  'first word p50 ms',
  'LAAL p50 ms',
];

/** Reads a quantile from a histogram of the worker, linear within a bucket. */
async function quantileMs(stack: TestStack, histogram: string, quantile: number): Promise<Cell> {
  const bounds = [0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2];
  const total = await workerMetric(stack, `${histogram}_count`);
  if (total === 0) return '-';
  let [lower, below] = [0, 0];
  for (const bound of bounds) {
    const count = await workerMetric(stack, `${histogram}_bucket{le="${bound}"}`);
    if (count >= quantile * total) {
      return Math.round(1000 * (lower + ((quantile * total - below) / (count - below)) * (bound - lower)));
    }
    [lower, below] = [bound, count];
  }
  return Math.round(lower * 1000);
}

const median = (segments: readonly MeasuredSegment[], of: (segment: MeasuredSegment) => number | undefined): Cell =>
  Math.round(
    percentile(
      segments.map(of).filter((value) => value !== undefined),
      0.5,
    ),
  );

/** Plays recordings once through a pipeline of its own. */
async function measure({ engine, recognizer, streamed }: Side, { quick, signal }: BenchOptions): Promise<Cell[]> {
  const env = {
    ENGINE_LATENCY: engines[engine],
    WORKERS: 'process',
    PARTIAL_HOLD_MS: '0',
    SINGLEFLIGHT: 'off',
    PARTIAL_STREAMING: streamed,
  };
  await using stack = await startStack({ translations: 'apertium', env });
  const talks = readTalks(recognizer).slice(0, quick ? 1 : 2);
  const cpuBefore = await workerMetric(stack, 'process_cpu_seconds_total');
  const play = talks.map((events) =>
    playTalk({ url: stack.streamUrl(), events, stability: 'balanced', targetLanguage, signal }),
  );
  const segments = (await Promise.all(play)).flat();
  const cpuSeconds = (await workerMetric(stack, 'process_cpu_seconds_total')) - cpuBefore;
  const each = (total: number): string => (total / segments.length).toFixed(1);
  const translator = createEngineOf({ baseUrl: new URL('/v1', stack.engine.url).href });
  const measured = await Promise.all(
    segments.map((events) => measureSegment(events, targetLanguage, (text) => translateOnce(translator, text, signal))),
  );
  await translator.close();
  const { normalizedErasure = 0 } = stabilityMeasures(sumCounts(measured.map(({ counts }) => counts)));
  const replies = await workerMetric(stack, 'parley_worker_engine_call_seconds_count{kind="partial"}');
  const early = await workerMetric(stack, 'parley_worker_early_words_seconds_count');
  return [
    `${((early / replies) * 100).toFixed(0)}%`,
    await quantileMs(stack, 'parley_worker_early_words_seconds', 0.5),
    await quantileMs(stack, 'parley_worker_early_words_seconds', 0.95),
    each(await workerMetric(stack, 'parley_worker_early_updates_total')),
    each(segments.flat().filter(({ type }) => type !== 'revision').length),
    each(cpuSeconds * 1000),
    normalizedErasure.toFixed(3),
    median(measured, ({ firstWordMs }) => firstWordMs),
    median(measured, ({ lagMs }) => lagMs),
  ];
}

export const earlyWordsBench: Bench = {
  name: 'early-words',
  question: 'How much sooner are words shown while a reply is streamed, and what does it cost?',
  async run(options) {
    const rows: Cell[][] = [];
    const talks = (['typical', 'slow'] as const).flatMap((engine) =>
      recognizers.map((recognizer) => ({ engine, recognizer })),
    );
    for (const talk of options.quick ? talks.slice(1, 2) : talks) {
      // All sides at the same time, so that other work on the machine slows all of them down.
      const measured = switches.map(async (streamed) => [
        ...[talk.engine, talk.recognizer, streamed],
        ...(await measure({ ...talk, streamed }, options)),
      ]);
      for (const row of await Promise.all(measured)) {
        options.tell(row.join(', '));
        rows.push(row);
      }
    }
    return { columns, rows };
  },
};
