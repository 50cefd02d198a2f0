import type { Config } from '@parley/config';
import { statusWindowMs, type WorkerStatus } from '@parley/redis/process-status';
import { MetricsWindow, samplesOf } from '@parley/telemetry';
import type { EngineHealth } from '../engine/engine-health.ts';
import type { ThreadSnapshot } from '../supervisor/thread-group.ts';
import { observedCounters, observedGauges, workerStatus } from './worker-status.ts';

interface WorkerStatusSources {
  readonly config: Pick<Config, 'WORKER_THREADS'>;
  readonly consumers: { readonly replaced: number; snapshots(): Promise<readonly ThreadSnapshot[]> };
  readonly engineHealth: Pick<EngineHealth, 'troubles'>;
}

/** Reads the status of this worker from the metrics of its threads. */
export class WorkerStatusReader {
  readonly #sources: WorkerStatusSources;
  #lastMinutes: ReadonlyMap<number, MetricsWindow> = new Map();

  constructor(sources: WorkerStatusSources) {
    this.#sources = sources;
  }

  /** To be called every few seconds. */
  async read(): Promise<WorkerStatus> {
    const { config, consumers, engineHealth } = this.#sources;
    const snapshots = await consumers.snapshots();
    const nowMs = performance.now();
    const windows = new Map(snapshots.map(({ thread }) => [thread, this.#windowOf(thread)]));
    this.#lastMinutes = windows;
    return workerStatus({
      // Without threads, the main thread consumes.
      configuredThreads: Math.max(1, config.WORKER_THREADS),
      replacedThreads: consumers.replaced,
      threads: snapshots.map(({ thread, metrics }) => ({
        thread,
        answers: metrics.length > 0,
        gauges: samplesOf(metrics, observedGauges),
        growth: metrics.length > 0 ? (windows.get(thread)?.observe(metrics, nowMs) ?? []) : [],
      })),
      troubles: engineHealth.troubles,
    });
  }

  #windowOf(thread: number): MetricsWindow {
    return this.#lastMinutes.get(thread) ?? new MetricsWindow({ windowMs: statusWindowMs, names: observedCounters });
  }
}
