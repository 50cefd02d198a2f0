import type { Bench } from './bench.ts';
import { batching } from './batching.ts';
import { beside } from './beside.ts';
import { callsBench } from './calls.ts';
import { connectionPool } from './connection-pool.ts';
import { costsBench } from './costs.ts';
import { earlyWordsBench } from './early-words.ts';
import { debounce } from './debounce.ts';
import { fairPrioritiesBench } from './fair-priorities.ts';
import { fanOutBench } from './fan-out.ts';
import { hostileBench } from './hostile.ts';
import { http2 } from './http2.ts';
import { length } from './length.ts';
import { workerProcessBench, workerThreadsBench } from './pipeline/set-up-benches.ts';
import { rateLimitBench } from './rate-limit.ts';
import { scriptsBench } from './scripts.ts';
import { stabilityBench } from './stability.ts';
import { worstFrames } from './worst-frames.ts';
import { warming } from './warming.ts';

/** All benches, in the order of `docs/optimisations.md`. */
export const benches: readonly Bench[] = [
  workerThreadsBench,
  workerProcessBench,
  connectionPool,
  warming,
  http2,
  callsBench,
  beside,
  fairPrioritiesBench,
  fanOutBench,
  debounce,
  rateLimitBench,
  batching,
  length,
  scriptsBench,
  stabilityBench,
  earlyWordsBench,
  hostileBench,
  worstFrames,
  costsBench,
];
