/** What the supervisor says to a thread. */
export type ToThread = { type: 'close'; timeoutMs: number } | { type: 'metrics'; id: number };

/** What a thread says to its supervisor; `metrics` is prom-client's JSON form. */
export type FromThread =
  { type: 'ready' } | { type: 'failed'; message: string } | { type: 'metrics'; id: number; metrics: unknown[] };
