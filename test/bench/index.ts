import type { Bench } from './bench.ts';
import { callsBench } from './calls.ts';

/** Every bench there is, in the order of `docs/optimisations.md`. */
export const benches: readonly Bench[] = [callsBench];
