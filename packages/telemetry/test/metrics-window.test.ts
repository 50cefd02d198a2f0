import { describe, expect, it } from '@jest/globals';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { durationsOf, MetricsWindow, readMetrics, samplesOf, sumOf, sumsBy } from '../src/index.ts';

function testMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    calls: new Counter({ name: 'calls', help: 'c', labelNames: ['endpoint', 'outcome'], registers }),
    open: new Gauge({ name: 'open', help: 'g', labelNames: ['endpoint'], registers }),
    seconds: new Histogram({ name: 'seconds', help: 'h', labelNames: ['kind'], buckets: [0.1, 0.2, 1], registers }),
  };
}

describe('the growth of metrics', () => {
  it('is that of the window, or since the start of the registry', async () => {
    const { registry, calls } = testMetrics();
    const window = new MetricsWindow({ windowMs: 60_000, names: ['calls'] });
    const grown = async (nowMs: number): Promise<number> =>
      sumOf(window.observe(await registry.getMetricsAsJSON(), nowMs), 'calls');
    calls.inc({ endpoint: 'one', outcome: 'translated' }, 5);
    expect(await grown(1000)).toBe(5);
    calls.inc({ endpoint: 'one', outcome: 'translated' }, 2);
    expect(await grown(31_000)).toBe(7);
    expect(await grown(60_999)).toBe(7);
    // From here on, what was counted at 1 s is over.
    expect(await grown(61_000)).toBe(2);
    calls.inc({ endpoint: 'one', outcome: 'timeout' }, 1);
    expect(await grown(91_000)).toBe(1);
    expect(await grown(500_000)).toBe(0);
  });

  it('is told by label, and of the metrics that were asked for only', async () => {
    const { registry, calls, open } = testMetrics();
    calls.inc({ endpoint: 'one', outcome: 'translated' }, 3);
    calls.inc({ endpoint: 'two', outcome: 'translated' }, 4);
    calls.inc({ endpoint: 'two', outcome: 'timeout' }, 1);
    open.set({ endpoint: 'two' }, 1);
    const window = new MetricsWindow({ windowMs: 1000, names: ['calls'] });
    const growth = window.observe(await readMetrics(registry, ['calls', 'open', 'missing']), 0);
    expect(sumsBy(growth, 'calls', 'endpoint')).toEqual(
      new Map([
        ['one', 3],
        ['two', 5],
      ]),
    );
    expect(sumOf(growth, 'calls', { endpoint: 'two', outcome: 'timeout' })).toBe(1);
    expect(sumOf(growth, 'open')).toBe(0);
    const snapshot = await registry.getMetricsAsJSON();
    expect(samplesOf(snapshot, new Set(['open']))).toEqual([{ name: 'open', labels: { endpoint: 'two' }, value: 1 }]);
  });
});

describe('the quantiles of a histogram', () => {
  it('are estimated within a bucket, over all of its series that match', async () => {
    const { registry, seconds } = testMetrics();
    for (let count = 0; count < 10; count += 1) seconds.observe({ kind: 'final' }, 0.15);
    seconds.observe({ kind: 'partial' }, 0.05);
    const samples = samplesOf(await registry.getMetricsAsJSON(), new Set(['seconds']));
    expect(durationsOf(samples, 'seconds', { kind: 'final' })).toEqual({ count: 10, p50Ms: 150, p95Ms: 195 });
    expect(durationsOf(samples, 'seconds', { kind: 'partial' })).toEqual({ count: 1, p50Ms: 50, p95Ms: 95 });
    // Eleven observations, of which one is below 100 ms.
    expect(durationsOf(samples, 'seconds')).toEqual({ count: 11, p50Ms: 145, p95Ms: 195 });
    // Two threads.
    expect(durationsOf([...samples, ...samples], 'seconds')).toEqual({ count: 22, p50Ms: 145, p95Ms: 195 });
  });

  it('are the highest bound for what exceeds it, and missing without observations', async () => {
    const { registry, seconds } = testMetrics();
    seconds.observe({ kind: 'final' }, 7);
    const samples = samplesOf(await registry.getMetricsAsJSON(), new Set(['seconds']));
    expect(durationsOf(samples, 'seconds')).toEqual({ count: 1, p50Ms: 1000, p95Ms: 1000 });
    expect(durationsOf(samples, 'seconds', { kind: 'partial' })).toEqual({ count: 0 });
    expect(durationsOf([], 'seconds')).toEqual({ count: 0 });
  });
});
