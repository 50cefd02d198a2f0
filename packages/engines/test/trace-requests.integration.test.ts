import { once } from 'node:events';
import { text as readText } from 'node:stream/consumers';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { EngineCancelledError } from '@parley/translation';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { poolsForFile } from './pool-fixture.ts';

const exporter = new InMemorySpanExporter();
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
const start = poolsForFile();

beforeAll(() => {
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(async () => {
  trace.disable();
  context.disable();
  await provider.shutdown();
});
beforeEach(() => exporter.reset());

/** Does work in a span, and returns the other spans that have ended. */
async function spansOf(work: () => Promise<unknown>) {
  await trace.getTracer('test').startActiveSpan('translate', async (span) => {
    await work();
    span.end();
  });
  return exporter.getFinishedSpans().filter(({ name }) => name !== 'translate');
}

describe('the span of a request to an engine', () => {
  it('has the attributes of an HTTP client, but no query, and lasts until the response is read', async () => {
    const { server, pool } = await start({}, { plain: true });
    const signal = new AbortController().signal;
    const request = { method: 'POST', path: '/v1/chat/completions?key=secret', headers: {}, signal } as const;
    const spans = await spansOf(async () => {
      const { body } = await pool.request(request);
      expect(exporter.getFinishedSpans()).toEqual([]);
      await readText(body);
    });
    const { hostname, port } = new URL(server.origin);
    expect(spans).toMatchObject([
      { name: 'engine.call', kind: SpanKind.CLIENT, status: { code: SpanStatusCode.UNSET } },
    ]);
    expect(spans[0]?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'url.full': `${server.origin}/v1/chat/completions`,
      'server.address': hostname,
      'server.port': Number(port),
    });
    expect(spans[0]?.parentSpanContext?.traceId).toBe(spans[0]?.spanContext().traceId);
    expect(server.exchanges[0]?.headers).not.toHaveProperty('traceparent');
  });

  it('is not made outside of another one', async () => {
    const { ask } = await start({}, { plain: true });
    await ask();
    expect(exporter.getFinishedSpans()).toEqual([]);
  });

  it('has the status of a refusal as its error', async () => {
    const { server, ask } = await start({}, { plain: true });
    server.script = ({ answer }) => void answer.writeHead(429).end();
    expect(await spansOf(ask)).toMatchObject([
      {
        attributes: { 'http.response.status_code': 429, 'error.type': '429' },
        status: { code: SpanStatusCode.ERROR, message: '429' },
      },
    ]);
  });

  it('has the class of an error, and counts how often the request was sent again', async () => {
    const { server, ask } = await start({}, { plain: true });
    server.script = (exchange) => exchange.cut();
    const spans = await spansOf(() => expect(ask()).rejects.toThrow());
    expect(spans).toMatchObject([
      {
        attributes: { 'error.type': 'SocketError', 'http.request.resend_count': 1 },
        status: { code: SpanStatusCode.ERROR },
      },
    ]);
  });

  it('has not failed if nobody needs the result any more', async () => {
    const { server, ask } = await start({}, { plain: true });
    server.script = ({ answer }) => void answer.write('a part');
    const leaving = new AbortController();
    const spans = await spansOf(async () => {
      const exchange = server.nextExchange();
      const left = expect(ask('/', leaving.signal)).rejects.toThrow('not needed');
      const { answer } = await exchange;
      leaving.abort(new EngineCancelledError('not needed'));
      await Promise.all([left, once(answer, 'close')]);
    });
    expect(spans).toMatchObject([
      { attributes: { 'error.type': 'EngineCancelledError' }, status: { code: SpanStatusCode.UNSET } },
    ]);
  });
});
