import { correctTranscript } from '@parley/client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { engineOf, partialOf, resultOf, startStack, type TestStack } from './harness/index.ts';
import { startSpeaker } from './harness/speaker.ts';
import { startTraceCollector, type CollectedSpan, type TraceCollector } from './harness/trace-collector.ts';
import { openModuleReports, type ModuleReports } from './tracing/module-reports.ts';

const toTwoLanguages = { sourceLanguage: 'en', targetLanguages: ['es', 'ca'] };

/** Spans of one segment, which the tests number differently. */
function ofSegment(spans: readonly CollectedSpan[], segmentId: number): CollectedSpan[] {
  const traceIds = spans
    .filter(({ attributes }) => attributes['parley.segment.id'] === segmentId)
    .map(({ traceId }) => traceId);
  return spans.filter(({ traceId }) => traceIds.includes(traceId));
}

function count(spans: readonly CollectedSpan[], name: string): number {
  return spans.filter((span) => span.name === name).length;
}

/** Resolves with the spans of a segment when these have come, the last ones of both processes. */
async function traceOf(
  { when }: TraceCollector,
  segmentId: number,
  expected = { translate: 1, deliver: 1 },
): Promise<CollectedSpan[]> {
  const isComplete = (all: readonly CollectedSpan[]): boolean => {
    const spans = ofSegment(all, segmentId);
    return Object.entries(expected).every(([name, times]) => count(spans, name) === times);
  };
  return ofSegment(await when(isComplete), segmentId);
}

/** The tree of spans, as lines that name each span with its service, indented below its parent and sorted. */
function treeOf(spans: readonly CollectedSpan[], parent?: CollectedSpan, depth = 0): string[] {
  const children = spans.filter(({ parentSpanId }) => parentSpanId === parent?.spanId);
  const lines = children.map((span) => {
    const language = span.attributes['parley.language.target'];
    const line = `${'  '.repeat(depth)}${span.name}${language === undefined ? '' : ` ${language}`} (${span.service})`;
    return [line, ...treeOf(spans, span, depth + 1)];
  });
  return lines.sort((one, other) => ((one[0] ?? '') < (other[0] ?? '') ? -1 : 1)).flat();
}

describe('with a collector', () => {
  let collector: TraceCollector;
  let reports: ModuleReports;
  let stack: TestStack;
  beforeAll(async () => {
    collector = await startTraceCollector();
    reports = await openModuleReports();
    const env = {
      ...reports.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=a%20key',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      // In one thread, both have the same name.
      WORKERS: 'process',
      CACHE: 'on',
      SINGLEFLIGHT: 'on',
    };
    stack = await startStack({ env });
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await reports[Symbol.asyncDispose]();
    await collector[Symbol.asyncDispose]();
  });

  it('a final is one trace from its frame through the job and the call of the engine to its delivery', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), toTwoLanguages);
    await speaker.session.sendFinal({ segmentId: 1, text: 'an unmistakable sentence' });
    const trace = await traceOf(collector, 1, { translate: 2, deliver: 2 });
    expect(new Set(trace.map(({ traceId }) => traceId)).size).toBe(1);
    expect(treeOf(trace)).toEqual([
      'caption.final (parley-edge)',
      '  deliver ca (parley-edge)',
      '  deliver es (parley-edge)',
      '  queue.wait ca (parley-worker)',
      '  queue.wait es (parley-worker)',
      '  translate ca (parley-worker)',
      '    engine.call (parley-worker)',
      '  translate es (parley-worker)',
      '    engine.call (parley-worker)',
    ]);
    for (const { startMs, endMs, status } of trace) {
      expect(endMs).toBeGreaterThanOrEqual(startMs);
      expect(status.code ?? 0).toBe(0);
    }
    const { sessionId } = speaker.session.started;
    expect(trace.find(({ name }) => name === 'translate')?.attributes).toEqual({
      'parley.session.id': sessionId,
      'parley.segment.id': 1,
      'parley.tenant': expect.any(String),
      'parley.kind': 'final',
      'parley.language.source': 'en',
      'parley.language.target': expect.stringMatching(/^(es|ca)$/),
      'parley.text.length': 24,
      'parley.outcome': 'translated',
      'parley.attempts': 1,
    });
    const engine = new URL(stack.engineAccess.OPENAI_BASE_URL ?? '');
    const call = trace.find(({ name }) => name === 'engine.call');
    expect(call?.kind).toBe(3);
    expect(call?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'url.full': `${engine.origin}/v1/chat/completions`,
      'server.address': engine.hostname,
      'server.port': Number(engine.port),
    });
  });

  it('a partial is one trace as well', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
    speaker.session.sendPartial({ segmentId: 2, revision: 0, text: 'an unmistakable beginning' });
    await speaker.waitForMessage(partialOf(2));
    expect(treeOf(await traceOf(collector, 2))).toEqual([
      'caption.partial (parley-edge)',
      '  deliver es (parley-edge)',
      '  queue.wait es (parley-worker)',
      '  translate es (parley-worker)',
      '    engine.call (parley-worker)',
    ]);
  });

  it('a correction is one trace as well', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
    await speaker.session.sendFinal({ segmentId: 6, text: 'an unmistakable sentence with mistakes' });
    await speaker.waitForMessage(resultOf(6));
    const { sessionId } = speaker.session.started;
    const corrected = { sessionId, segmentId: 6, text: 'an unmistakable sentence without' };
    await correctTranscript({ url: stack.streamUrl(), ...corrected });
    // The corrected text is delivered as well.
    const trace = await traceOf(collector, 6, { translate: 2, deliver: 3 });
    expect(treeOf(trace)).toEqual([
      'caption.correction (parley-edge)',
      '  deliver = (parley-edge)',
      '  deliver es (parley-edge)',
      '  queue.wait es (parley-worker)',
      '  translate es (parley-worker)',
      '    engine.call (parley-worker)',
      'caption.final (parley-edge)',
      '  deliver es (parley-edge)',
      '  queue.wait es (parley-worker)',
      '  translate es (parley-worker)',
      '    engine.call (parley-worker)',
    ]);
    expect(new Set(trace.map(({ traceId }) => traceId)).size).toBe(2);
  });

  it('shows what came from the cache, and how a call failed', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
    await speaker.session.sendFinal({ segmentId: 3, text: 'an unmistakable sentence' });
    await engineOf(stack).fail({ text: 'an unmistakable failure', times: 1, status: 500 });
    await speaker.session.sendFinal({ segmentId: 4, text: 'an unmistakable failure' });
    await speaker.waitForMessage(resultOf(4));
    const [known, repeated] = await Promise.all([traceOf(collector, 3), traceOf(collector, 4)]);
    expect(count(known, 'engine.call')).toBe(0);
    expect(known.find(({ name }) => name === 'translate')?.attributes).toMatchObject({ 'parley.outcome': 'cached' });
    expect(repeated.find(({ name }) => name === 'translate')?.attributes).toMatchObject({ 'parley.attempts': 2 });
    const calls = repeated.filter(({ name }) => name === 'engine.call');
    expect(calls.map(({ attributes, status }) => [attributes['error.type'], status])).toEqual([
      ['500', { code: 2, message: '500' }],
      [undefined, { code: 0 }],
    ]);
  });

  it('I16: tells nothing that is said, and sends the configured headers', () => {
    for (const { path, headers, body } of collector.requests) {
      expect(path).toBe('/v1/traces');
      expect(headers).toMatchObject({ 'x-collector-key': 'a key' });
      expect(body).toContain('deployment.environment.name');
      expect(body).not.toMatch(/unmistakable|sentence|beginning/);
    }
    expect(collector.requests.length).toBeGreaterThan(0);
  });

  it('sends the rest when a process stops', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
    await speaker.session.sendFinal({ segmentId: 5, text: 'the last sentence' });
    await speaker.waitForMessage(resultOf(5));
    for (const { child } of [...stack.workers, ...stack.edges]) {
      expect(await child.stop()).toEqual({ code: 0, signal: null });
    }
    const names = ofSegment(collector.spans, 5).map(({ name }) => name);
    expect(names.sort()).toEqual(['caption.final', 'deliver', 'engine.call', 'queue.wait', 'translate']);
    for (const process of [...stack.workers, ...stack.edges])
      expect(await reports.loadedBy(process)).toContain('@opentelemetry/sdk-trace');
  });
});

it('without a collector, the SDK is not loaded', async () => {
  await using reports = await openModuleReports();
  await using stack = await startStack({ env: reports.env });
  await using speaker = await startSpeaker(stack.streamUrl(), toTwoLanguages);
  await speaker.session.sendFinal({ segmentId: 1, text: 'a sentence' });
  await Promise.all([speaker.waitForMessage(resultOf(1, 'es')), speaker.waitForMessage(resultOf(1, 'ca'))]);
  for (const process of [...stack.workers, ...stack.edges])
    expect([...(await reports.loadedBy(process))]).toEqual(['@opentelemetry/api']);
});

it('a collector that hangs holds up neither captions nor the stop of a process', async () => {
  await using collector = await startTraceCollector(() => undefined);
  // The worker's threads get four fifths of it, and a second more.
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, SHUTDOWN_TIMEOUT_MS: '4000' };
  await using stack = await startStack({ env });
  await using speaker = await startSpeaker(stack.streamUrl(), toTwoLanguages);
  for (let segmentId = 1; segmentId <= 20; segmentId++) {
    await speaker.session.sendFinal({ segmentId, text: `sentence ${segmentId}` });
  }
  expect(await speaker.end()).toMatchObject({ violations: [] });
  expect(speaker.messages.filter(({ type }) => type === 'translation.final')).toHaveLength(40);
  for (const { child } of [...stack.workers, ...stack.edges]) {
    expect(await child.stop()).toEqual({ code: 0, signal: null });
  }
});
