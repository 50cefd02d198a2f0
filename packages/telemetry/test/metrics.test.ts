import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import {
  createBatchMetrics,
  createEdgeMetrics,
  createEndpointMetrics,
  createEndpointUsabilityMetric,
  createLocalEngineMetrics,
  createQueueAgeMetric,
  createQueueMetrics,
  createProcessRegistry,
  createRateLimitMetrics,
  createRedisMetric,
  createThreadMetrics,
  createThreadRegistry,
  createWebhookMetrics,
  createWorkerMetrics,
  mergeMetrics,
  refusalReasons,
  type QueueDepth,
} from '../src/index.ts';

describe('createEdgeMetrics', () => {
  it('exports every counter', async () => {
    const registry = createThreadRegistry();
    const metrics = createEdgeMetrics(registry);
    metrics.socketOpened();
    metrics.socketOpened();
    metrics.socketClosed();
    metrics.sessionOpened();
    metrics.sessionOpened();
    metrics.sessionOpened();
    metrics.sessionClosed();
    metrics.frameReceived('transcript.partial');
    metrics.frameReceived('transcript.partial');
    metrics.frameReceived('invalid');
    metrics.errorSent('not-json');
    metrics.clientRefused('wrong-key');
    metrics.partialIgnored('stale');
    metrics.segmentsEvicted(3);
    for (let count = 0; count < 3; count += 1) metrics.partialJobAdded();
    for (let count = 0; count < 4; count += 1) metrics.gapFilled();
    for (let count = 0; count < 5; count += 1) metrics.partialFolded();
    metrics.slowClientClosed();
    metrics.translationDelivered('partial', 250);
    const lines = (await registry.metrics()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'parley_edge_sockets 1',
        'parley_edge_sessions 2',
        'parley_edge_frames_total{type="transcript.partial"} 2',
        'parley_edge_frames_total{type="invalid"} 1',
        'parley_edge_errors_total{code="not-json"} 1',
        'parley_edge_refusals_total{reason="wrong-key"} 1',
        'parley_edge_refusals_total{reason="origin"} 0',
        'parley_edge_partials_ignored_total{reason="stale"} 1',
        'parley_edge_segments_evicted_total 3',
        'parley_edge_partial_jobs_total 3',
        'parley_edge_gaps_filled_total 4',
        'parley_edge_partials_folded_total 5',
        'parley_edge_slow_clients_closed_total 1',
        'parley_edge_translation_latency_seconds_bucket{le="0.2",kind="partial"} 0',
        'parley_edge_translation_latency_seconds_bucket{le="0.3",kind="partial"} 1',
        'parley_edge_translation_latency_seconds_sum{kind="partial"} 0.25',
      ]),
    );
  });
});

describe('createWorkerMetrics', () => {
  it('exports every counter', async () => {
    const registry = createThreadRegistry();
    const metrics = createWorkerMetrics(registry);
    metrics.engineCalled('final', 400);
    metrics.translationEnded('partial', 'dropped');
    metrics.translationEnded('final', 'joined');
    metrics.finalFailed('engine-timeout');
    metrics.callDegraded('final', 'over-budget');
    metrics.commitRefused('overtaken');
    metrics.callsCancelled('message', 2);
    metrics.partialsSuperseded(3);
    const lines = (await registry.metrics()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'parley_worker_engine_call_seconds_sum{kind="final"} 0.4',
        'parley_worker_translations_total{kind="partial",outcome="dropped"} 1',
        'parley_worker_translations_total{kind="final",outcome="joined"} 1',
        'parley_worker_translations_total{kind="final",outcome="failed"} 1',
        'parley_worker_finals_failed_total{code="engine-timeout"} 1',
        'parley_worker_finals_failed_total{code="internal"} 0',
        'parley_worker_degraded_calls_total{kind="final",reason="over-budget"} 1',
        'parley_worker_degraded_calls_total{kind="partial",reason="over-budget"} 0',
        'parley_worker_commits_refused_total{reason="overtaken"} 1',
        'parley_worker_calls_cancelled_total{by="message"} 2',
        'parley_worker_partials_superseded_total 3',
      ]),
    );
  });
});

describe('captionMeasured', () => {
  it('observes the measures of a caption by setting, except for those that are undefined', async () => {
    const registry = createThreadRegistry();
    const metrics = createWorkerMetrics(registry);
    metrics.captionMeasured('balanced', {
      normalizedErasure: 0.25,
      finalErasure: 0.05,
      unitsBehind: 1.75,
      coverage: 0.9,
      contradicted: 0.125,
      firstWordMs: 350,
    });
    const none = {
      normalizedErasure: 0,
      finalErasure: 0,
      unitsBehind: undefined,
      coverage: 0,
      contradicted: undefined,
    };
    metrics.captionMeasured('high', none);
    metrics.captionMeasured('high', { ...none, coverage: 1 });
    const lines = (await registry.metrics()).split('\n');
    expect(lines.filter((line) => /_(sum|count)\{stability/.test(line))).toEqual([
      'parley_worker_caption_erasure_ratio_sum{stability="balanced"} 0.25',
      'parley_worker_caption_erasure_ratio_count{stability="balanced"} 1',
      'parley_worker_caption_erasure_ratio_sum{stability="high"} 0',
      'parley_worker_caption_erasure_ratio_count{stability="high"} 2',
      'parley_worker_caption_final_erasure_ratio_sum{stability="balanced"} 0.05',
      'parley_worker_caption_final_erasure_ratio_count{stability="balanced"} 1',
      'parley_worker_caption_final_erasure_ratio_sum{stability="high"} 0',
      'parley_worker_caption_final_erasure_ratio_count{stability="high"} 2',
      'parley_worker_caption_behind_units_sum{stability="balanced"} 1.75',
      'parley_worker_caption_behind_units_count{stability="balanced"} 1',
      'parley_worker_caption_coverage_ratio_sum{stability="balanced"} 0.9',
      'parley_worker_caption_coverage_ratio_count{stability="balanced"} 1',
      'parley_worker_caption_coverage_ratio_sum{stability="high"} 1',
      'parley_worker_caption_coverage_ratio_count{stability="high"} 2',
      'parley_worker_caption_contradicted_ratio_sum{stability="balanced"} 0.125',
      'parley_worker_caption_contradicted_ratio_count{stability="balanced"} 1',
      'parley_worker_caption_first_word_seconds_sum{stability="balanced"} 0.35',
      'parley_worker_caption_first_word_seconds_count{stability="balanced"} 1',
    ]);
    expect(lines).toEqual(
      expect.arrayContaining([
        'parley_worker_caption_erasure_ratio_bucket{le="0",stability="high"} 2',
        'parley_worker_caption_coverage_ratio_bucket{le="0.99",stability="high"} 1',
        'parley_worker_caption_coverage_ratio_bucket{le="1",stability="high"} 2',
        'parley_worker_caption_contradicted_ratio_bucket{le="0.1",stability="balanced"} 0',
        'parley_worker_caption_contradicted_ratio_bucket{le="0.15",stability="balanced"} 1',
      ]),
    );
  });
});

describe('createEndpointMetrics', () => {
  it('exports every counter', async () => {
    const registry = createThreadRegistry();
    const metrics = createEndpointMetrics(registry);
    metrics.endpointCalled('one', 'final', 'timeout');
    metrics.endpointAnswered('one', 120);
    metrics.endpointPassedOver('one', 'circuit-open');
    metrics.circuitChanged('one', 'open');
    metrics.circuitChanged('two', 'half-open');
    metrics.circuitChanged('three', 'open');
    metrics.circuitChanged('three', 'closed');
    metrics.failedOver('final');
    const lines = (await registry.metrics()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'parley_worker_endpoint_calls_total{endpoint="one",kind="final",outcome="timeout"} 1',
        'parley_worker_endpoint_answer_seconds_bucket{le="0.1",endpoint="one"} 0',
        'parley_worker_endpoint_answer_seconds_bucket{le="0.15",endpoint="one"} 1',
        'parley_worker_endpoint_passed_over_total{endpoint="one",reason="circuit-open"} 1',
        'parley_worker_endpoint_circuits_open{endpoint="one"} 1',
        'parley_worker_endpoint_circuits_open{endpoint="two"} 1',
        'parley_worker_endpoint_circuits_open{endpoint="three"} 0',
        'parley_worker_failovers_total{kind="final"} 1',
      ]),
    );
  });
});

describe('createRateLimitMetrics', () => {
  it('exports every counter, merged over all threads', async () => {
    const threads = await Promise.all(
      [0.2, 0.7].map((share) => {
        const registry = createThreadRegistry();
        const metrics = createRateLimitMetrics(registry);
        metrics.asked('e', 'partial', 'paced');
        metrics.paused('e');
        metrics.headroom('e', share);
        metrics.localFallback('e', true);
        return registry.getMetricsAsJSON();
      }),
    );
    const lines = (await mergeMetrics(threads).metrics()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'parley_worker_limit_calls_total{endpoint="e",kind="partial",result="paced"} 2',
        'parley_worker_limit_pauses_total{endpoint="e"} 2',
        'parley_worker_limit_headroom_ratio{endpoint="e"} 0.2',
        'parley_worker_limit_fallback_threads{endpoint="e"} 2',
      ]),
    );
  });
});

describe('createEndpointUsabilityMetric', () => {
  it('tells of each endpoint whether it can be used now', async () => {
    const registry = createThreadRegistry();
    const broken = new Set(['two']);
    createEndpointUsabilityMetric(registry, ['one', 'two'], (endpoint) => !broken.has(endpoint));
    expect((await registry.metrics()).split('\n')).toEqual(
      expect.arrayContaining([
        'parley_worker_endpoint_usable{endpoint="one"} 1',
        'parley_worker_endpoint_usable{endpoint="two"} 0',
      ]),
    );
    broken.clear();
    expect(await registry.metrics()).toContain('parley_worker_endpoint_usable{endpoint="two"} 1');
  });
});

describe('createRedisMetric', () => {
  it('tells of a process whether it can use Redis now', async () => {
    const registry = createThreadRegistry();
    const health = { isUsable: false };
    createRedisMetric(registry, 'edge', health);
    expect(await registry.metrics()).toContain('parley_redis_usable{process="edge"} 0');
    health.isUsable = true;
    expect(await registry.metrics()).toContain('parley_redis_usable{process="edge"} 1');
  });
});

describe('createLocalEngineMetrics', () => {
  it('reads the counts on every scrape', async () => {
    const registry = createThreadRegistry();
    const counts = { completed: 5, rejected: 1, failed: 0, aborted: 2, concurrent: 3 };
    createLocalEngineMetrics(registry, () => counts);
    await registry.metrics();
    counts.completed = 6;
    expect((await registry.metrics()).split('\n')).toEqual(
      expect.arrayContaining([
        'parley_engine_requests_total{outcome="completed"} 6',
        'parley_engine_requests_total{outcome="failed"} 0',
        'parley_engine_requests_in_progress 3',
      ]),
    );
  });
});

describe('createQueueMetrics', () => {
  it('reads the depth on every scrape and drops series that are gone', async () => {
    const depths: QueueDepth[] = [
      { queue: 'final', state: 'waiting', jobs: 2 },
      { queue: 'partial', state: 'active', jobs: 3 },
    ];
    const registry = createThreadRegistry();
    createQueueMetrics(registry, () => Promise.resolve(depths));
    const before = await registry.metrics();
    expect(before).toContain('parley_queue_jobs{queue="final",state="waiting"} 2');
    expect(before).toContain('parley_queue_jobs{queue="partial",state="active"} 3');
    depths.pop();
    await expect(registry.metrics()).resolves.not.toContain('queue="partial"');
  });

  it('omits only its own series when the read fails', async () => {
    const registry = createProcessRegistry();
    createQueueMetrics(registry, () => Promise.reject(new Error('the connection is closed')));
    const page = await registry.metrics();
    expect(page).not.toContain('parley_queue_jobs{');
    expect(page).toContain('process_cpu_seconds_total');
  });

  it('omits its series and aborts the read after a timeout', async () => {
    const registry = createThreadRegistry();
    let given: AbortSignal | undefined;
    const never = (signal: AbortSignal) => {
      given = signal;
      return Promise.withResolvers<QueueDepth[]>().promise;
    };
    createQueueMetrics(registry, never, 20);
    await expect(registry.metrics()).resolves.not.toContain('parley_queue_jobs{');
    expect(given?.aborted).toBe(true);
  });
});

describe('createQueueAgeMetric', () => {
  it('reads the age in seconds on every scrape, and omits its series when the read fails', async () => {
    const registry = createThreadRegistry();
    let ages = Promise.resolve([{ queue: 'final', ageMs: 2500 } as const]);
    createQueueAgeMetric(registry, () => ages);
    await expect(registry.metrics()).resolves.toContain('parley_queue_oldest_age_seconds{queue="final"} 2.5');
    ages = Promise.reject(new Error('the connection is closed'));
    await expect(registry.metrics()).resolves.not.toContain('parley_queue_oldest_age_seconds{');
  });
});

describe('docs/operations.md', () => {
  it('lists every reason of a refusal, and no others', async () => {
    const page = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
    const [, section = ''] = page.split('### Refused clients\n');
    const [table = ''] = section.split('\n###');
    const listed = [...table.matchAll(/^\| ((?:`[\w-]+`(?:, )?)+) +\|/gm)].flatMap(([, cell = '']) => cell.split(', '));
    expect(listed.map((reason) => reason.replaceAll('`', ''))).toEqual([...refusalReasons]);
  });
});

describe('docs/metrics.md', () => {
  it('lists every metric with its type and labels, and no others', async () => {
    const registry = createThreadRegistry();
    createEdgeMetrics(registry);
    createWorkerMetrics(registry);
    createEndpointMetrics(registry);
    createEndpointUsabilityMetric(registry, [], () => true);
    createLocalEngineMetrics(registry, () => ({ completed: 0, rejected: 0, failed: 0, aborted: 0, concurrent: 0 }));
    createRedisMetric(registry, 'edge', { isUsable: true });
    createRateLimitMetrics(registry);
    createBatchMetrics(registry);
    createWebhookMetrics(registry);
    createThreadMetrics(registry);
    createQueueMetrics(registry, () => Promise.resolve([]));
    createQueueAgeMetric(registry, () => Promise.resolve([]));
    const registered = registry
      .getMetricsAsArray()
      // `labelNames` is there at run time, but not in the types.
      .map((metric) => ({ labelNames: [] as string[], ...(metric as object), name: metric.name }))
      .map(({ name, labelNames }) => [name, labelNames.join(', ')]);
    const page = await readFile(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `(parley_\w+)` +\| (\w+) +\| ([^|]*?) *\| [^|]+ \|$/gm)];
    expect(rows.map(([, name, , labels = '']) => [name, labels.replaceAll('`', '')]).sort()).toEqual(registered.sort());
    const types = new Map((await registry.getMetricsAsJSON()).map(({ name, type }) => [name, String(type)]));
    for (const [, name = '', type] of rows) expect([name, type]).toEqual([name, types.get(name)]);
  });
});
