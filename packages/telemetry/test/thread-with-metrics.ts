import { parentPort, workerData } from 'node:worker_threads';
import { createThreadRegistry, createWorkerMetrics } from '../src/index.ts';

/** A thread that records the metrics given as its data and sends a snapshot. */
const registry = createThreadRegistry();
const metrics = createWorkerMetrics(registry);
const { waitsMs, translated } = workerData as { waitsMs: number[]; translated: number };
for (const waitMs of waitsMs) metrics.jobWaited('final', waitMs);
for (let count = 0; count < translated; count += 1) metrics.translationEnded('final', 'translated');
parentPort?.postMessage(await registry.getMetricsAsJSON());
