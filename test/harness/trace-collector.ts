import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type AttributeValue = string | number | boolean | undefined;

/** A span as it was received. */
export interface CollectedSpan {
  /** `service.name` of its resource. */
  readonly service: AttributeValue;
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  /** `undefined`: the first span of its trace. */
  readonly parentSpanId: string | undefined;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly status: { readonly code?: number; readonly message?: string };
}

/** An OpenTelemetry collector that keeps what it receives. */
export interface TraceCollector extends AsyncDisposable {
  /** The value of `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  readonly requests: readonly { readonly path: string; readonly headers: object; readonly body: string }[];
  readonly spans: readonly CollectedSpan[];
  /** Resolves as soon as the spans match. */
  readonly when: (fits: (spans: readonly CollectedSpan[]) => boolean) => Promise<readonly CollectedSpan[]>;
}

/** @param answer answers a request whose body has been read; by default with success */
export async function startTraceCollector(
  answer: (response: ServerResponse) => void = (response) => response.writeHead(200).end('{}'),
): Promise<TraceCollector> {
  const requests: TraceCollector['requests'][number][] = [];
  const spans: CollectedSpan[] = [];
  const waiting = new Set<() => void>();
  const http = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      requests.push({ path: request.url ?? '', headers: request.headers, body });
      spans.push(...readSpans(body));
      for (const check of waiting) check();
      answer(response);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requests,
    spans,
    when: (fits) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (fits(spans)) resolve(spans);
        };
        waiting.add(check);
        check();
      }),
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number; readonly doubleValue?: number };
}

/** The JSON of OTLP's `ExportTraceServiceRequest`, as far as it is read. */
interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<CollectedSpan, 'service' | 'attributes' | 'startMs' | 'endMs'> & {
        readonly startTimeUnixNano: string;
        readonly endTimeUnixNano: string;
        readonly attributes: readonly Attribute[];
      })[];
    }[];
  }[];
}

function readSpans(body: string): CollectedSpan[] {
  const { resourceSpans } = JSON.parse(body) as ExportRequest;
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = readAttributes(resource.attributes)['service.name'];
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(({ startTimeUnixNano, endTimeUnixNano, attributes, ...span }) => ({
        ...span,
        service,
        startMs: Number(startTimeUnixNano) / 1e6,
        endMs: Number(endTimeUnixNano) / 1e6,
        attributes: readAttributes(attributes),
      })),
    );
  });
}

function readAttributes(attributes: readonly Attribute[]): Record<string, AttributeValue> {
  const values = attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.doubleValue]);
  return Object.fromEntries(values) as Record<string, AttributeValue>;
}
