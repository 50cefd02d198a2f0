export { createEdgeMetrics, type EdgeMetrics } from './edge-metrics.ts';
export { errorFields, type ErrorFields } from './error-fields.ts';
export { createLaneMetrics, type LaneDepth, type ReadLaneDepths } from './lane-metrics.ts';
export { createLogger, type Logger } from './logger.ts';
export { mergeMetrics, type MetricsSnapshot } from './merge-metrics.ts';
export { createProcessRegistry, createThreadRegistry, type MetricsRegistry } from './metrics-registry.ts';
export { createRateLimitMetrics, type RateLimitMetrics, type RoomResult } from './rate-limit-metrics.ts';
export type { TranslationKind } from './translation-kind.ts';
export { createWorkerMetrics, type TranslationOutcome, type WorkerMetrics } from './worker-metrics.ts';
