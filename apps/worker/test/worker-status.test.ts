import { describe, expect, it } from '@jest/globals';
import {
  createEndpointMetrics,
  createRateLimitMetrics,
  createThreadRegistry,
  createWorkerMetrics,
} from '@parley/telemetry';
import type { EndpointTrouble } from '../src/engine/engine-health.ts';
import { WorkerStatusReader } from '../src/status/worker-status-reader.ts';

/** A thread with the metrics of a consumer. */
function testThread() {
  const registry = createThreadRegistry();
  return {
    registry,
    worker: createWorkerMetrics(registry),
    endpoints: createEndpointMetrics(registry),
    limits: createRateLimitMetrics(registry),
  };
}

type TestThread = ReturnType<typeof testThread>;

function readerOf(threads: ReadonlyMap<number, TestThread | 'hangs'>, troubles: Record<string, EndpointTrouble> = {}) {
  return new WorkerStatusReader({
    config: { WORKER_THREADS: 2 },
    consumers: {
      replaced: 1,
      snapshots: () =>
        Promise.all(
          [...threads].map(async ([thread, metrics]) => ({
            thread,
            metrics: metrics === 'hangs' ? [] : await metrics.registry.getMetricsAsJSON(),
          })),
        ),
    },
    engineHealth: { troubles: new Map(Object.entries(troubles)) },
  });
}

describe('the status of a worker', () => {
  it('sums its threads, and tells which of them answer', async () => {
    const [one, two] = [testThread(), testThread()];
    for (const { worker } of [one, two]) {
      worker.partialCallLimited(8);
      for (let count = 0; count < 10; count += 1) worker.jobWaited('final', 7);
      worker.engineCalled('final', 200);
      worker.translationEnded('final', 'translated');
      worker.finalFailed('internal');
      worker.translationEnded('partial', 'dropped');
      worker.callSaved('final', 'cache');
      worker.callSaved('partial', 'joined-elsewhere');
      worker.cacheFailed();
    }
    one.worker.engineCalled('partial', 200);
    one.worker.translationEnded('final', 'cached');
    const reader = readerOf(
      new Map<number, TestThread | 'hangs'>([
        [1, one],
        [2, two],
        [4, 'hangs'],
      ]),
    );
    expect(await reader.read()).toMatchObject({
      v: 1,
      kind: 'worker',
      pid: process.pid,
      configuredThreads: 2,
      replacedThreads: 1,
      threads: [
        { thread: 1, answers: true, calls: 2, callLimit: 8 },
        { thread: 2, answers: true, calls: 1, callLimit: 8 },
        { thread: 4, answers: false, calls: 0, callLimit: 0 },
      ],
      queueWait: { partial: { count: 0 }, final: { count: 20, p50Ms: 8, p95Ms: 10 } },
      finals: { translated: 3, failed: 2 },
      calls: { made: 3, memory: 0, cache: 2, joinedHere: 0, joinedElsewhere: 2 },
      cacheFailures: 2,
    });
  });

  it('tells of each endpoint whether it can be used, how it answers and what is left of its limit', async () => {
    const [one, two] = [testThread(), testThread()];
    for (const { endpoints } of [one, two]) {
      endpoints.circuitChanged('fast', 'closed');
      endpoints.circuitChanged('slow', 'closed');
      endpoints.endpointCalled('fast', 'final', 'translated');
      endpoints.endpointAnswered('fast', 150);
    }
    two.endpoints.circuitChanged('slow', 'open');
    for (const outcome of ['timeout', 'bad-reply', 'unavailable', 'rejected', 'cancelled', 'rate-limited', 'no-permit'])
      two.endpoints.endpointCalled('slow', 'final', outcome);
    one.limits.headroom('fast', 0.4);
    two.limits.headroom('fast', 0.25);
    two.limits.paused('slow');
    two.limits.localFallback('slow', true);
    const trouble = `circuit open: ${'x'.repeat(400)}`;
    const reader = readerOf(
      new Map<number, TestThread | 'hangs'>([
        [1, one],
        [2, two],
        [3, 'hangs'],
      ]),
      { slow: { why: trouble, consumers: [2, 9] } },
    );
    expect((await reader.read()).endpoints).toEqual([
      {
        endpoint: 'fast',
        calls: 2,
        errors: 0,
        answer: { count: 2, p50Ms: 125, p95Ms: 148 },
        openCircuits: 0,
        headroom: 0.25,
        fallbackThreads: 0,
        pauses: 0,
        usableThreads: 2,
      },
      {
        endpoint: 'slow',
        calls: 6,
        errors: 4,
        answer: { count: 0 },
        openCircuits: 1,
        fallbackThreads: 1,
        pauses: 1,
        trouble: trouble.slice(0, 300),
        usableThreads: 1,
      },
    ]);
  });

  it('counts a thread that was replaced from its start', async () => {
    const threads = new Map([[1, testThread()]]);
    const reader = readerOf(threads);
    threads.get(1)?.worker.engineCalled('final', 1);
    expect((await reader.read()).calls.made).toBe(1);
    threads.delete(1);
    threads.set(2, testThread());
    expect((await reader.read()).calls.made).toBe(0);
  });
});
