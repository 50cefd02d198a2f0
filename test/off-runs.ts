/** What takes back each optimisation that the pipelines of the end-to-end tests have; the value of its switch. */
export const offRuns: Readonly<Record<string, string>> = {
  CONNECTION_POOL: 'off',
  HTTP2: 'off',
  PREWARM: 'off',
  WORKER_THREADS: '0',
  WORKERS: 'inline',
  LATEST_WINS: 'off',
  SINGLEFLIGHT: 'off',
  BATCHING: 'off',
  PARTIAL_HOLD_MS: '0',
};
