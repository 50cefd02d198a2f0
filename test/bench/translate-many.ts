import type { Engine } from '@parley/translation';

interface Load {
  readonly count: number;
  readonly concurrency: number;
  /** Every n-th call is aborted; default: none. */
  readonly abortEvery?: number;
  /** The maximum time until an abort; the times are spread evenly. */
  readonly abortWithinMs?: number;
  /** Distinguishes the texts of different loads. */
  readonly name: string;
}

interface LoadResult {
  readonly completed: number;
  readonly aborted: number;
  /** Calls that failed without being aborted. */
  readonly failed: number;
  /** Latencies of completed calls. */
  readonly latenciesMs: readonly number[];
}

/** Makes one call as a worker does for a partial. */
export async function translateOnce(engine: Engine, text: string, signal: AbortSignal): Promise<string> {
  return (await engine.translate({ text, source: 'en', target: 'es', kind: 'partial', signal })).text;
}

/** Makes `count` calls with the given concurrency. */
export async function translateMany(engine: Engine, load: Load): Promise<LoadResult> {
  const { count, concurrency, abortEvery = Infinity, abortWithinMs = 0, name } = load;
  const latenciesMs: number[] = [];
  let [begun, aborted, failed] = [0, 0, 0];
  const lane = async (): Promise<void> => {
    while (begun < count) {
      const number = ++begun;
      const controller = new AbortController();
      const isLeaving = number % abortEvery === 0;
      const leaving = isLeaving
        ? setTimeout(() => controller.abort(), (((number / abortEvery) % 10) / 10) * abortWithinMs)
        : undefined;
      const startedAtMs = performance.now();
      try {
        await translateOnce(engine, `${name}, sentence ${number} of many`, controller.signal);
        latenciesMs.push(performance.now() - startedAtMs);
      } catch {
        if (controller.signal.aborted) aborted++;
        else failed++;
      }
      clearTimeout(leaving);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return { completed: latenciesMs.length, aborted, failed, latenciesMs };
}
