export { createBatchMetrics, type BatchMetrics } from './batch-metrics.ts';
export { createEdgeMetrics, type EdgeMetrics } from './edge-metrics.ts';
export { createEndpointMetrics, type EndpointMetrics } from './endpoint-metrics.ts';
export { createEndpointUsabilityMetric } from './endpoint-usability-metric.ts';
export { EventLoopLoad } from './event-loop-load.ts';
export { errorFields, type ErrorFields } from './error-fields.ts';
export {
  createQueueAgeMetric,
  createQueueMetrics,
  type QueueAge,
  type QueueDepth,
  type ReadQueueAges,
  type ReadQueueDepths,
} from './queue-metrics.ts';
export { createLocalEngineMetrics } from './local-engine-metrics.ts';
export { createLogger, type Logger } from './logger.ts';
export {
  createProcessRegistry,
  createThreadRegistry,
  mergeMetrics,
  type MetricsRegistry,
  type MetricsSnapshot,
  type TranslationKind,
} from './metrics-registry.ts';
export { MetricsWindow } from './metrics-window.ts';
export { MetricsPortTakenError, startMetricsServer, type MetricsServerOptions } from './metrics-server.ts';
export { healthPages, startPageServer, type Page, type PageServer, type PageServerOptions } from './page-server.ts';
export { createRateLimitMetrics, type RateLimitMetrics, type PermitResult } from './rate-limit-metrics.ts';
export { readinessReport, readinessStatusCode, type ReadinessReport } from './readiness.ts';
export { redisErrorCode, redisErrorReason } from './redis-error.ts';
export { refusalReasons, type RefusalReason } from './refusal-reason.ts';
export { RedisHealth } from './redis-health.ts';
export { createRedisMetric } from './redis-metric.ts';
export { durationsOf, readMetrics, samplesOf, sumOf, sumsBy, type Sample } from './samples.ts';
export { createThreadMetrics, type ThreadMetrics } from './thread-metrics.ts';
export type { CaptionAttributes } from './tracing/caption-attributes.ts';
export { activeTraceparent, inNewTrace, inTrace, recordSpan, type CaptionSpan } from './tracing/spans.ts';
export { startTracing } from './tracing/start-tracing.ts';
export { createWebhookMetrics, type WebhookMetrics } from './webhook-metrics.ts';
export {
  createWorkerMetrics,
  type CancelledBy,
  type TranslationOutcome,
  type WorkerMetrics,
} from './worker-metrics.ts';
