import type { Bench } from '../bench.ts';
import { comparePipelines, type SetUp } from './compare-pipelines.ts';

const load = { sessions: 50, seconds: 30 };

function bench(name: string, question: string, setUps: readonly SetUp[]): Bench {
  return { name, question, run: (options) => comparePipelines(setUps, load, options) };
}

const usual: SetUp = { name: 'default', env: {} };

/** Compares jobs on worker threads with jobs on the main thread of the worker. */
export const workerThreadsBench = bench('worker-threads', 'What do consumer threads bring?', [
  { name: '`WORKER_THREADS=1`', env: { WORKER_THREADS: '1' } },
  { name: '`WORKER_THREADS=0`', env: { WORKER_THREADS: '0' } },
  { name: '`WORKER_THREADS=2`', env: { WORKER_THREADS: '2' } },
]);

/** Compares a separate worker process with a worker on the event loop of the edge. */
export const workerProcessBench = bench('worker-process', 'What does a worker process of its own bring?', [
  usual,
  { name: '`WORKERS=inline WORKER_THREADS=0`', env: { WORKERS: 'inline', WORKER_THREADS: '0' } },
]);
