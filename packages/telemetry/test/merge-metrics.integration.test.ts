import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import {
  createQueueMetrics,
  createProcessRegistry,
  createThreadRegistry,
  createWorkerMetrics,
  mergeMetrics,
  type MetricsSnapshot,
} from '../src/index.ts';

async function snapshotOfThread(workerData: { waitsMs: number[]; translated: number }): Promise<MetricsSnapshot> {
  const thread = new Worker(new URL('thread-with-metrics.ts', import.meta.url), { workerData });
  const [message] = await Promise.all([once(thread, 'message'), once(thread, 'exit')]);
  return message[0] as MetricsSnapshot;
}

describe('mergeMetrics', () => {
  it('sums the metrics of threads and keeps those of the process', async () => {
    const threads = await Promise.all([
      snapshotOfThread({ waitsMs: [0.5, 4], translated: 2 }),
      snapshotOfThread({ waitsMs: [4, 40_000], translated: 3 }),
    ]);
    const own = createProcessRegistry();
    createQueueMetrics(own, () => Promise.resolve([{ queue: 'final', state: 'waiting', jobs: 7 }]));
    const page = await mergeMetrics([await own.getMetricsAsJSON(), ...threads]).metrics();
    const lines = page.split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        '# TYPE parley_worker_queue_wait_seconds histogram',
        'parley_worker_queue_wait_seconds_bucket{le="0.001",kind="final"} 1',
        'parley_worker_queue_wait_seconds_bucket{le="0.0025",kind="final"} 1',
        'parley_worker_queue_wait_seconds_bucket{le="0.005",kind="final"} 3',
        'parley_worker_queue_wait_seconds_bucket{le="30",kind="final"} 3',
        'parley_worker_queue_wait_seconds_bucket{le="+Inf",kind="final"} 4',
        'parley_worker_queue_wait_seconds_count{kind="final"} 4',
        'parley_worker_translations_total{kind="final",outcome="translated"} 5',
        'parley_queue_jobs{queue="final",state="waiting"} 7',
      ]),
    );
    const sum = lines.find((line) => line.startsWith('parley_worker_queue_wait_seconds_sum{kind="final"}'));
    expect(Number(sum?.split(' ')[1])).toBeCloseTo(40.0085, 6);
    expect(page).toContain('process_cpu_seconds_total');
  });

  it('does not sum a queue that two processes report', async () => {
    const snapshots = await Promise.all(
      [4, 5].map((jobs) => {
        const registry = createThreadRegistry();
        createQueueMetrics(registry, () => Promise.resolve([{ queue: 'partial', state: 'waiting', jobs }]));
        return registry.getMetricsAsJSON();
      }),
    );
    await expect(mergeMetrics(snapshots).metrics()).resolves.toContain(
      'parley_queue_jobs{queue="partial",state="waiting"} 5',
    );
  });

  it('keeps the registries of one process separate', async () => {
    const [one, other] = [createThreadRegistry(), createThreadRegistry()];
    createWorkerMetrics(one).commitRefused('overtaken');
    createWorkerMetrics(other);
    await expect(one.metrics()).resolves.toContain('parley_worker_commits_refused_total{reason="overtaken"} 1');
    await expect(other.metrics()).resolves.not.toContain('parley_worker_commits_refused_total{reason="overtaken"} 1');
  });
});
