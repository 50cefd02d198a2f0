import type { Config } from '@parley/config';
import type { EngineTroubles } from '../engine/engine-watch.ts';
import type { MutexHandle } from './poison-job-mutex.ts';
import type { ActivityCells } from './thread-activity.ts';

/** Start data of a thread. */
export interface ThreadData {
  readonly config: Config;
  readonly mutexHandle: MutexHandle;
  readonly activityCells: ActivityCells;
}

/** Messages from the supervisor to a thread. */
export type ToThread = { type: 'close'; timeoutMs: number } | { type: 'metrics'; id: number };

/** Messages from a thread to its supervisor; `metrics` is prom-client's JSON format. */
export type FromThread =
  | { type: 'ready' }
  | { type: 'failed'; message: string }
  | { type: 'metrics'; id: number; metrics: unknown[] }
  | { type: 'engine'; troubles: EngineTroubles };
