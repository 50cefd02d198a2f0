import { loadConfig } from '@parley/config';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startTraceCollector, type TraceCollector } from '../../../test/harness/trace-collector.ts';
import { activeTraceparent, createLogger, inNewTrace, inTrace, recordSpan, startTracing } from '../src/index.ts';

const lines: string[] = [];
const logger = createLogger({ LOG_LEVEL: 'info' }, 'test', { write: (line) => void lines.push(line) });
const attributes = {};

/** Starts tracing with a collector at `url`; the SDK reads the environment itself. */
async function trace(url: string, environment: Readonly<Record<string, string>> = {}): Promise<AsyncDisposable> {
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = url;
  return await startTracing(loadConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: url, ...environment }), 'parley-edge', logger);
}

afterEach(() => {
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
  delete process.env.OTEL_EXPORTER_OTLP_TIMEOUT;
  lines.length = 0;
});

function names({ spans }: TraceCollector): string[] {
  return spans.map(({ name }) => name).sort();
}

describe('tracing', () => {
  it('keeps a bounded number of spans for a collector that hangs, and gives up on it at the end', async () => {
    await using collector = await startTraceCollector(() => undefined);
    // Its attempts go on for a while, during the tests below.
    process.env.OTEL_EXPORTER_OTLP_TIMEOUT = '2000';
    const tracing = await trace(collector.url);
    for (let count = 0; count < 10_000; count++) await inNewTrace('one', { attributes }, () => Promise.resolve());
    await tracing[Symbol.asyncDispose]();
    // One batch that is being sent, and a full queue.
    expect(collector.spans.length).toBeGreaterThan(0);
    expect(collector.spans.length).toBeLessThanOrEqual(512 + 2048);
  });

  it('continues a trace from its context, and records the class of an error without its message', async () => {
    await using collector = await startTraceCollector();
    const tracing = await trace(collector.url);
    const startedAtMs = Date.now() - 5000;
    const traceparent = await inNewTrace('first', { attributes, startedAtMs }, () =>
      Promise.resolve(activeTraceparent()),
    );
    expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    const failing = inTrace(traceparent, 'second', { attributes: { 'parley.segment.id': 7 } }, (span) => {
      span.set({ 'parley.attempts': 2 });
      recordSpan(activeTraceparent(), 'third', { attributes });
      return Promise.reject(new RangeError('a private text'));
    });
    await expect(failing).rejects.toThrow('a private text');
    await tracing[Symbol.asyncDispose]();

    const [first, second, third] = ['first', 'second', 'third'].map((name) =>
      collector.spans.find((span) => span.name === name),
    );
    // Nanoseconds since 1970 are more than a number holds exactly.
    const startMs: unknown = expect.closeTo(startedAtMs);
    expect(first).toMatchObject({ startMs, service: 'parley-edge', attributes: {} });
    expect(first?.parentSpanId ?? '').toBe('');
    expect(second).toMatchObject({
      parentSpanId: first?.spanId,
      attributes: { 'parley.segment.id': 7, 'parley.attempts': 2, 'error.type': 'RangeError' },
      status: { code: 2, message: 'RangeError' },
    });
    expect(third?.parentSpanId).toBe(second?.spanId);
    expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(JSON.stringify(collector.requests)).not.toContain('private');
  });

  it('keeps work without a trace out of the trace in which it is started', async () => {
    await using collector = await startTraceCollector();
    const tracing = await trace(collector.url);
    const inside = await inNewTrace('first', { attributes }, () =>
      inTrace(undefined, 'second', { attributes }, () => Promise.resolve(activeTraceparent())),
    );
    expect(inside).toBeUndefined();
    await tracing[Symbol.asyncDispose]();
    expect(names(collector)).toEqual(['first']);
  });

  it.each([
    ['always_off', '1', 0],
    ['traceidratio', '0', 0],
    ['parentbased_traceidratio', '0', 0],
    ['parentbased_always_off', '1', 0],
    ['always_on', '0', 1],
    ['traceidratio', '1', 1],
    ['parentbased_traceidratio', '1', 1],
    ['parentbased_always_on', '0', 1],
  ])('samples by OTEL_TRACES_SAMPLER=%s and OTEL_TRACES_SAMPLER_ARG=%s', async (name, share, sampled) => {
    await using collector = await startTraceCollector();
    const tracing = await trace(collector.url, { OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: share });
    const traceparent = await inNewTrace('first', { attributes }, () => Promise.resolve(activeTraceparent()));
    await tracing[Symbol.asyncDispose]();
    expect(traceparent === undefined ? 0 : 1).toBe(sampled);
    expect(collector.spans).toHaveLength(sampled);
  });

  it('does nothing but the work without a collector', async () => {
    const tracing = await startTracing(loadConfig({}), 'parley-edge', logger);
    const done = await inNewTrace('first', { attributes }, (span) => {
      span.set({ 'parley.attempts': 1 });
      span.failed(new Error('not recorded'));
      return Promise.resolve([activeTraceparent(), 'done']);
    });
    expect(done).toEqual([undefined, 'done']);
    await tracing[Symbol.asyncDispose]();
  });

  it('goes on without a collector that cannot be reached', async () => {
    process.env.OTEL_EXPORTER_OTLP_TIMEOUT = '500';
    const collector = await startTraceCollector();
    await collector[Symbol.asyncDispose]();
    const tracing = await trace(collector.url);
    expect(await inNewTrace('one', { attributes }, () => Promise.resolve('done'))).toBe('done');
    await tracing[Symbol.asyncDispose]();
  });

  it('reports once that a collector refuses the spans', async () => {
    await using collector = await startTraceCollector((response) => void response.writeHead(400).end('refused'));
    const tracing = await trace(collector.url);
    for (let count = 0; count < 2048; count++) await inNewTrace('one', { attributes }, () => Promise.resolve());
    await collector.when(() => collector.requests.length >= 3);
    await tracing[Symbol.asyncDispose]();
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'sending traces failed; their spans are dropped',
    ]);
  });
});
