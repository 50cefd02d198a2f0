/** What takes back each optimisation that the pipelines of the end-to-end tests have, as the page of optimisations says it. */
export const offRuns: readonly string[] = [
  'CONNECTION_POOL=off',
  'HTTP2=off',
  'PREWARM=off',
  'WORKER_THREADS=0',
  'WORKERS=inline WORKER_THREADS=0',
  'SINGLEFLIGHT=off',
  'BATCHING=off',
  'PARTIAL_HOLD_MS=0',
];

/** Off in those pipelines unless a test asks for them, so every run is one without them. */
export const offAlready: readonly string[] = ['CACHE=off'];
