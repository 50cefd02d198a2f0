import type { Config } from '@parley/config';
import type { EngineTroubles } from '../engine/engine-watch.ts';
import type { MutexSeat } from './poison-job-mutex.ts';

/** What a thread is started with. */
export interface ThreadData {
  readonly config: Config;
  readonly seat: MutexSeat;
}

/** What the supervisor says to a thread. */
export type ToThread = { type: 'close'; timeoutMs: number } | { type: 'metrics'; id: number };

/** What a thread says to its supervisor; `metrics` is prom-client's JSON form. */
export type FromThread =
  | { type: 'ready' }
  | { type: 'failed'; message: string }
  | { type: 'metrics'; id: number; metrics: unknown[] }
  | { type: 'engine'; troubles: EngineTroubles };
