export {
  statusWindowMs,
  thisProcess,
  type EdgeStatus,
  type EndpointStatus,
  type ListedSession,
  type ProcessStatus,
  type Quantiles,
  type WorkerStatus,
} from './process-status.ts';
export { ProcessStatusStore, type ReportedProcess } from './process-status-store.ts';
export { reportEveryMs, StatusReporter } from './status-reporter.ts';
export { worstSessions } from './worst-sessions.ts';
