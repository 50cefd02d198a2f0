/** The settings that disable each optimization of the end-to-end pipelines, as listed in docs/optimisations.md. */
export const offRuns: readonly string[] = [
  'CONNECTION_POOL=off',
  'HTTP2=off',
  'PREWARM=off',
  'WORKER_THREADS=0',
  'WORKERS=inline WORKER_THREADS=0',
  'SINGLEFLIGHT=off',
  'BATCHING=off',
  'PARTIAL_HOLD_MS=0',
  'PARTIAL_STREAMING=off',
];

/** Off in those pipelines unless a test enables them. */
export const offAlready: readonly string[] = ['CACHE=off'];
