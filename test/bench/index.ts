import type { Bench } from './bench.ts';
import { connectionPool } from './connection-pool.ts';
import { http2 } from './http2.ts';
import { warming } from './warming.ts';

/** Every bench there is, in the order of `docs/optimisations.md`. */
export const benches: readonly Bench[] = [connectionPool, warming, http2];
