import { setTimeout as delay } from 'node:timers/promises';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Config } from '@parley/config';
import type { Logger } from '../logger.ts';
import { createSampler } from './sampler.ts';

export type SpanExportConfig = Pick<
  Config,
  'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_TRACES_SAMPLER' | 'OTEL_TRACES_SAMPLER_ARG'
>;

/** The default of `OTEL_SERVICE_NAME`. */
export type TracedService = 'parley-edge' | 'parley-worker';

/** At the end, spans that are not sent after this time are dropped. */
const flushTimeoutMs = 1000;
/** A collector that is away fails one batch after the other. */
const reportEveryMs = 60_000;

/**
 * Registers the SDK for this thread. It reads the variables of the exporter and of the resource itself. The queue of spans is bounded
 * (2048), and what a slow collector does not take in time is dropped.
 */
export function startSpanExport(config: SpanExportConfig, service: TracedService, logger: Logger): AsyncDisposable {
  const provider = new TracerProvider({
    sampler: createSampler(config),
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': service, 'process.pid': process.pid }))
      .merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] })),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  // An inline worker without threads shares the thread of its edge: the first one sends the spans of both.
  if (!trace.setGlobalTracerProvider(provider)) return { [Symbol.asyncDispose]: () => provider.shutdown() };
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  setGlobalErrorHandler(reportFailures(logger));
  return {
    async [Symbol.asyncDispose]() {
      trace.disable();
      context.disable();
      propagation.disable();
      const late = new AbortController();
      await Promise.race([
        provider.shutdown().catch(() => undefined), // Has been reported.
        delay(flushTimeoutMs, undefined, { signal: late.signal }).catch(() => undefined),
      ]);
      late.abort();
    },
  };
}

function reportFailures(logger: Logger): (error: unknown) => void {
  let reportedAtMs = -Infinity;
  return (error) => {
    const nowMs = performance.now();
    if (nowMs - reportedAtMs < reportEveryMs) return;
    reportedAtMs = nowMs;
    logger.warn({ err: error }, 'sending traces failed; their spans are dropped');
  };
}
