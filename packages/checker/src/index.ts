export { createHistoryChecker, type HistoryChecker, type HistoryCheckerOptions } from './history-checker.ts';
export type { HistoryCounts, HistoryReport, LatencySamples } from './history-report.ts';
export { createListenerChecker, type ListenerChecker } from './listener-checker.ts';
export type { ListenerCheckerOptions } from './listener-history.ts';
export type { HostFinal, HostSegment, HostSession } from './host-session.ts';
export { sourceOfMarked, type SourceOf } from './text-match.ts';
export { describeViolation, violationCodes, type Violation, type ViolationCode } from './violation.ts';
