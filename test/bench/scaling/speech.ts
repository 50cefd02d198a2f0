import { seededRandom } from '../../harness/seeded-random.ts';
import { drawLatencyMs, engineModels } from '../debounce/engine-latency.ts';
import { simulateSegment } from '../debounce/simulate-segment.ts';
import { readSegments, readTalks, type Recognizer } from '../recorded-segments.ts';

export const engineNames = ['none', ...engineModels.map(({ name }) => name)];

/** What one speaking session causes per second. */
export interface Speech {
  readonly partials: number;
  readonly finals: number;
  /** Partials that reach Redis. */
  readonly puts: number;
  /** For each target: engine calls for partials, those for finals, and partials whose translations came in time to be shown. */
  readonly partialCalls: number;
  readonly finalCalls: number;
  readonly partialsInTime: number;
}

/** The defaults of `PARTIAL_HOLD_MS`, `PARTIAL_MIN_GROWTH_CHARS` and `PARTIAL_IN_FLIGHT` while there is no limit. */
const filterSettings = { holdMs: 250, minGrowthChars: 1 };
const inFlight = 2;
const rounds = 10;
const seed = 1;

/**
 * Counts what the recorded talks of a recognizer cause, the pauses between sentences included. What the edge sends on and what an engine of
 * this latency is called for is simulated, as by `npm run bench -- debounce`.
 *
 * @param engine one of `engineNames`; `none` answers at once
 */
export function speechOf(recognizer: Recognizer, engine: string): Speech {
  const talks = readTalks(recognizer);
  const seconds = talks.reduce((sum, events) => sum + (events.at(-1)?.t ?? 0) / 1000, 0);
  const segments = readSegments(recognizer);
  const random = seededRandom(seed);
  const model = engineModels.find(({ name }) => name === engine);
  const latencyMs = model === undefined ? () => 0 : () => drawLatencyMs(model, random);
  const outcomes = Array.from({ length: rounds }, () =>
    segments.map((events) => simulateSegment(events, filterSettings, { inFlight, latencyMs })),
  ).flat();
  // With an engine that answers at once, everything that is put is shown.
  const immediate = segments.map((events) => simulateSegment(events, filterSettings, { inFlight, latencyMs: () => 0 }));
  const rate = (count: number): number => count / seconds;
  const sum = (of: (outcome: (typeof outcomes)[number]) => number): number =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0) / rounds;
  return {
    partials: rate(talks.flat().filter(({ final }) => !final).length),
    finals: rate(segments.length),
    puts: rate(immediate.reduce((total, { shown }) => total + shown.length - 1, 0)),
    partialCalls: rate(sum(({ calls, finalCalls }) => calls - finalCalls)),
    finalCalls: rate(sum(({ finalCalls }) => finalCalls)),
    partialsInTime: rate(sum(({ shown }) => shown.length - 1)),
  };
}
