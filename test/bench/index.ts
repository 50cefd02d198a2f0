import type { Bench } from './bench.ts';
import { hedging } from './hedging.ts';

/** Every bench there is, in the order of `docs/optimisations.md`. */
export const benches: readonly Bench[] = [hedging];
