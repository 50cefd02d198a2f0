import type { Bench } from './bench.ts';
import { callsBench } from './calls.ts';
import { fairPrioritiesBench } from './fair-priorities.ts';
import { hedging } from './hedging.ts';
import { latestWinsBench, workerProcessBench, workerThreadsBench } from './pipeline/set-up-benches.ts';
import { rateLimitBench } from './rate-limit.ts';
import { worth } from './worth.ts';

/** Every bench there is, in the order of `docs/optimisations.md`. */
export const benches: readonly Bench[] = [
  workerThreadsBench,
  workerProcessBench,
  latestWinsBench,
  fairPrioritiesBench,
  callsBench,
  worth,
  hedging,
  rateLimitBench,
];
