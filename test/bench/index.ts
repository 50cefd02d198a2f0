import type { Bench } from './bench.ts';
import { worth } from './worth.ts';

/** Every bench there is, in the order of `docs/optimisations.md`. */
export const benches: readonly Bench[] = [worth];
