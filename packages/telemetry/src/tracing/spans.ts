import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span,
} from '@opentelemetry/api';
import type { CaptionAttributes } from './caption-attributes.ts';

export interface SpanOptions {
  readonly attributes: CaptionAttributes;
  /** In ms since 1970; by default now. */
  readonly startedAtMs?: number;
}

/** A span in progress. */
export interface CaptionSpan {
  set(attributes: CaptionAttributes): void;
  /** Marks it as failed. Only the name of the error is recorded, since its message may quote private text. */
  failed(error: unknown): void;
}

/** Without tracing, and for a caption that is not sampled. */
const noSpan: CaptionSpan = { set: () => undefined, failed: () => undefined };

/**
 * Does work in the first span of a new trace. An error of the work is recorded and thrown on.
 *
 * @param work receives the span; spans that it starts, however deep, become children of this one
 */
export async function inNewTrace<Value>(
  name: string,
  options: SpanOptions,
  work: (span: CaptionSpan) => Promise<Value>,
): Promise<Value> {
  return await inSpan(startSpan(name, SpanKind.SERVER, options, ROOT_CONTEXT), ROOT_CONTEXT, work);
}

/**
 * Does work in a span of a caption's trace, like `inNewTrace`. Without a trace, the work starts no spans.
 *
 * @param traceparent of the caption, see `activeTraceparent`
 */
export async function inTrace<Value>(
  traceparent: string | undefined,
  name: string,
  options: SpanOptions,
  work: (span: CaptionSpan) => Promise<Value>,
): Promise<Value> {
  // The context in which this is called may be that of another caption.
  if (traceparent === undefined) return await context.with(ROOT_CONTEXT, () => work(noSpan));
  const parent = contextOf(traceparent);
  return await inSpan(startSpan(name, SpanKind.CONSUMER, options, parent), parent, work);
}

/** Adds a span that ends now to a caption's trace, if it has one. */
export function recordSpan(traceparent: string | undefined, name: string, options: SpanOptions): void {
  if (traceparent === undefined) return;
  startSpan(name, SpanKind.INTERNAL, options, contextOf(traceparent)).end();
}

/** Returns the context of the current span in the format of W3C Trace Context; `undefined` if there is none that is sampled. */
export function activeTraceparent(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || (span.traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

function contextOf(traceparent: string): Context {
  return propagation.extract(ROOT_CONTEXT, { traceparent });
}

function startSpan(name: string, kind: SpanKind, { attributes, startedAtMs }: SpanOptions, parent: Context): Span {
  const startTime = startedAtMs === undefined ? {} : { startTime: startedAtMs };
  return trace.getTracer('parley').startSpan(name, { kind, attributes: { ...attributes }, ...startTime }, parent);
}

async function inSpan<Value>(span: Span, parent: Context, work: (span: CaptionSpan) => Promise<Value>): Promise<Value> {
  const failed = (error: unknown): void => {
    const message = Error.isError(error) ? error.name : typeof error;
    span.setAttribute('error.type', message).setStatus({ code: SpanStatusCode.ERROR, message });
  };
  try {
    return await context.with(trace.setSpan(parent, span), () =>
      work({ set: (attributes) => void span.setAttributes({ ...attributes }), failed }),
    );
  } catch (error) {
    failed(error);
    throw error;
  } finally {
    span.end();
  }
}
