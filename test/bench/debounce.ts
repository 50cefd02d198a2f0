import type { PartialFilterSettings } from '@parley/translation';
import { seededRandom } from '../harness/seeded-random.ts';
import type { Bench, Cell } from './bench.ts';
import { drawLatencyMs, engineModels, type EngineModel } from './debounce/engine-latency.ts';
import { readSegments, recognizers, type TraceEvent } from './recorded-segments.ts';
import { simulateNaive } from './debounce/simulate-naive.ts';
import { simulateSegment, type SegmentOutcome } from './debounce/simulate-segment.ts';
import { wordLagsMs, wordsErased, wordsOf } from './debounce/words.ts';

interface Setting extends PartialFilterSettings {
  /** The maximum number of concurrent calls per target; `undefined` if every revision makes a call at once. */
  readonly inFlight: number | undefined;
}

const naive: Setting = { minGrowthChars: 0, holdMs: 0, inFlight: undefined };
const settings: readonly Setting[] = [
  naive,
  { minGrowthChars: 0, holdMs: 0, inFlight: 2 },
  { minGrowthChars: 1, holdMs: 150, inFlight: 2 },
  { minGrowthChars: 1, holdMs: 250, inFlight: 2 },
  { minGrowthChars: 1, holdMs: 400, inFlight: 2 },
  { minGrowthChars: 3, holdMs: 250, inFlight: 2 },
  { minGrowthChars: 4, holdMs: 250, inFlight: 2 },
  { minGrowthChars: 6, holdMs: 250, inFlight: 2 },
  { minGrowthChars: 10, holdMs: 400, inFlight: 2 },
  { minGrowthChars: 1, holdMs: 250, inFlight: 1 },
  { minGrowthChars: 1, holdMs: 250, inFlight: 4 },
];
const seed = 1;

/** A simulation, so it takes seconds, and its figures are the same on every machine. */
export const debounce: Bench = {
  name: 'debounce',
  question: 'What does it cost and save to call the engine for partials that add little?',
  run({ quick, tell }) {
    const rounds = quick ? 1 : 20;
    const rows: Cell[][] = [];
    for (const recognizer of recognizers) {
      const segments = readSegments(recognizer);
      for (const engine of engineModels) {
        tell(`${recognizer}, ${engine.name}`);
        const most = figures(segments, naive, engine, rounds);
        for (const setting of settings) {
          const row = setting === naive ? most : figures(segments, setting, engine, rounds);
          rows.push([
            recognizer,
            engine.name,
            setting === naive ? 'naive' : (setting.inFlight ?? ''),
            setting.holdMs === 0 ? 'off' : `${setting.minGrowthChars}, ${setting.holdMs} ms`,
            row.calls.toFixed(1),
            `${((row.calls / most.calls) * 100).toFixed(0)}%`,
            `${row.lagP50Ms.toFixed(0)} / ${row.lagP95Ms.toFixed(0)} ms`,
            `${row.finalP50Ms.toFixed(0)} / ${row.finalP95Ms.toFixed(0)} ms`,
            row.shown.toFixed(1),
            row.erased.toFixed(2),
          ]);
        }
      }
    }
    return Promise.resolve({ columns: columnNames, rows });
  },
};

const columnNames = [
  'recognizer',
  'engine',
  'calls under way',
  'growth, hold',
  'calls a sentence',
  'calls of naive',
  'word shown after, p50 / p95',
  'finals after, p50 / p95',
  'shown a sentence',
  'words erased a word',
];

function figures(
  segments: readonly (readonly TraceEvent[])[],
  { inFlight, ...filterSettings }: Setting,
  engine: EngineModel,
  rounds: number,
): Record<'calls' | 'lagP50Ms' | 'lagP95Ms' | 'finalP50Ms' | 'finalP95Ms' | 'shown' | 'erased', number> {
  const random = seededRandom(seed);
  const latencyMs = (): number => drawLatencyMs(engine, random);
  const simulate = (events: readonly TraceEvent[]): SegmentOutcome =>
    inFlight === undefined
      ? simulateNaive(events, latencyMs)
      : simulateSegment(events, filterSettings, { inFlight, latencyMs });
  const outcomes = Array.from({ length: rounds }, () => segments.map(simulate)).flat();
  const sum = (of: (outcome: (typeof outcomes)[number]) => number): number =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const lags = outcomes.flatMap(({ said, shown }) => wordLagsMs(said, shown));
  const finals = outcomes.map(({ finalMs }) => finalMs);
  const words = sum(({ said }) => wordsOf(said.at(-1)?.text ?? '').length);
  return {
    calls: sum(({ calls }) => calls) / outcomes.length,
    lagP50Ms: percentile(lags, 0.5),
    lagP95Ms: percentile(lags, 0.95),
    finalP50Ms: percentile(finals, 0.5),
    finalP95Ms: percentile(finals, 0.95),
    shown: sum(({ shown }) => shown.length) / outcomes.length,
    erased: sum(({ shown }) => wordsErased(shown)) / words,
  };
}

/** By nearest rank. */
function percentile(samples: readonly number[], share: number): number {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}
