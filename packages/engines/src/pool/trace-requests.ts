import { finished } from 'node:stream';
import { SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import { EngineCancelledError } from '@parley/translation';
import type { ConnectionPool, HttpRequest, HttpResponse } from './connection-pool.ts';

/**
 * Adds a span to each request that is made while another span is recorded, until its response has been read. Its attributes are those
 * of OpenTelemetry's conventions for HTTP clients. The engine receives no trace context, and queries are left out, since they may
 * contain keys.
 */
export function traceRequests(pool: ConnectionPool, origin: string): ConnectionPool {
  return {
    get stats() {
      return pool.stats;
    },
    get capacity() {
      return pool.capacity;
    },
    warm: (request) => pool.warm(request),
    close: () => pool.close(),
    request(request) {
      if (trace.getActiveSpan()?.isRecording() !== true) return pool.request(request);
      return traced(pool, request, startSpan(request, new URL(origin)));
    },
  };
}

function startSpan({ method, path }: HttpRequest, { origin, protocol, hostname, port }: URL): Span {
  const [pathname = ''] = path.split('?');
  const usualPort = protocol === 'https:' ? 443 : 80;
  return trace.getTracer('parley').startSpan('engine.call', {
    kind: SpanKind.CLIENT,
    attributes: {
      'http.request.method': method,
      'url.full': `${origin}${pathname}`,
      'server.address': hostname,
      'server.port': port === '' ? usualPort : Number(port),
    },
  });
}

async function traced(pool: ConnectionPool, request: HttpRequest, span: Span): Promise<HttpResponse> {
  let sent = 0;
  const onSent = (): void => {
    sent += 1;
    if (sent > 1) span.setAttribute('http.request.resend_count', sent - 1);
    request.onSent?.();
  };
  try {
    const response = await pool.request({ ...request, onSent });
    const { statusCode, body } = response;
    span.setAttribute('http.response.status_code', statusCode);
    if (statusCode >= 400) setFailure(span, String(statusCode));
    finished(body, { writable: false }, (error) => {
      if (error) failed(span, error);
      span.end();
    });
    return response;
  } catch (error) {
    failed(span, error);
    span.end();
    throw error;
  }
}

/** A call whose result nobody needs any more has not failed. */
function failed(span: Span, error: unknown): void {
  const type = Error.isError(error) ? error.name : typeof error;
  if (error instanceof EngineCancelledError) span.setAttribute('error.type', type);
  else setFailure(span, type);
}

function setFailure(span: Span, type: string): void {
  span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR, message: type });
}
