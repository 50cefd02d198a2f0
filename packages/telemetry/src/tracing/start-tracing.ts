import type { Logger } from '../logger.ts';
import type { SpanExportConfig, TracedService } from './span-export.ts';

/**
 * Begins to send the spans of this thread to the collector at `OTEL_EXPORTER_OTLP_ENDPOINT`. Without that, spans cost nothing, and the
 * SDK is not even loaded.
 *
 * @returns to be disposed when nothing is traced any more: sends the remaining spans, for a second at most
 */
export async function startTracing(
  config: SpanExportConfig,
  service: TracedService,
  logger: Logger,
): Promise<AsyncDisposable> {
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return { [Symbol.asyncDispose]: () => Promise.resolve() };
  const { startSpanExport } = await import('./span-export.ts');
  return startSpanExport(config, service, logger);
}
