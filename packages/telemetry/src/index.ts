export { createEdgeMetrics, type EdgeMetrics } from './edge-metrics.ts';
export { createEndpointMetrics, type EndpointMetrics } from './endpoint-metrics.ts';
export { errorFields, type ErrorFields } from './error-fields.ts';
export { createLaneMetrics, type LaneDepth, type ReadLaneDepths } from './lane-metrics.ts';
export { createLogger, type Logger } from './logger.ts';
export { mergeMetrics, type MetricsSnapshot } from './merge-metrics.ts';
export { createProcessRegistry, createThreadRegistry, type MetricsRegistry } from './metrics-registry.ts';
export type { TranslationKind } from './translation-kind.ts';
export { createWorkerMetrics, type TranslationOutcome, type WorkerMetrics } from './worker-metrics.ts';
