import type { EdgeStatus, EndpointStatus, Quantiles, WorkerStatus } from '@parley/redis/process-status';
import type { JobCounts, QueueKind } from '@parley/queues';
import type { SessionDescription } from '@parley/redis/session';
import type { Usage } from '@parley/redis/usage';

/** `down`: nothing, or nothing more, is translated. */
export type Severity = 'degraded' | 'down';

/** Something that is not well. */
export interface Finding {
  readonly severity: Severity;
  readonly where: string;
  readonly what: string;
}

/** `reports`: within the last seconds; `replaced`: it ended without a word, and another one was started in its place. */
export type ProcessState = 'reports' | 'missing' | 'replaced';

interface ProcessRow {
  readonly name: string;
  readonly host: string;
  readonly state: ProcessState;
  /** The age of its last report. */
  readonly ageMs: number;
  readonly upMs: number;
}

export interface EdgeRow extends ProcessRow {
  readonly status: EdgeStatus;
}

export interface WorkerRow extends ProcessRow {
  readonly status: WorkerStatus;
}

export interface QueueRow {
  readonly queue: QueueKind;
  readonly jobs: JobCounts;
  /** Of the job that a worker would take next; 0 if there is none. A job that others are served before may be older. */
  readonly nextJobAgeMs: number;
}

/** An endpoint in the view of all workers together. */
export interface EndpointRow extends Omit<EndpointStatus, 'answer' | 'usableThreads'> {
  /** Of all workers' answers, with the quantiles of the slowest worker. */
  readonly answer: Quantiles;
  /** All threads of the workers that report it. */
  readonly threads: number;
  /** How many of them can use it, as far as known. */
  readonly usableThreads: number;
}

export interface SessionRow extends Pick<
  SessionDescription,
  'sessionId' | 'tenant' | 'room' | 'startedAtMs' | 'sourceLanguage' | 'targetLanguages' | 'listeners' | 'state'
> {
  readonly lagP95Ms: number | undefined;
  readonly degraded: readonly string[];
  /** Millionths of the currency. */
  readonly costMicros: number;
}

export interface TenantRow {
  readonly tenant: string;
  readonly usage: Usage;
  /** Its own daily budget in millionths of the currency, 0 if unlimited; missing: the one that the workers have, or it is not listed. */
  readonly dailyBudgetMicros?: number | undefined;
}

/** The usage of today (UTC). */
export interface Today {
  readonly day: string;
  readonly total: Usage;
  /** Those with the highest cost first. */
  readonly tenants: readonly TenantRow[];
  /** Tenants that are not listed, but counted. */
  readonly further: number;
  /** Tenants that are neither listed nor counted, since there are too many. */
  readonly uncounted: number;
}

/** What is known of a running system. It contains no texts of sessions. */
export interface SystemState {
  /** `ok`, or why Redis can't be used; nothing else is known then. */
  readonly redis: string;
  readonly edges: readonly EdgeRow[];
  readonly workers: readonly WorkerRow[];
  /** Processes of a version whose reports can't be read. */
  readonly unreadable: number;
  readonly queues: readonly QueueRow[];
  readonly endpoints: readonly EndpointRow[];
  /** Engine calls of the last minute that were made, and those that were not needed. */
  readonly calls: WorkerStatus['calls'] & { readonly cacheFailures: number };
  readonly sessions: { readonly total: number; readonly listed: readonly SessionRow[] };
  readonly today: Today | undefined;
}

/** Format version 1. */
export interface Overview extends SystemState {
  readonly v: 1;
  /** When it was read, in milliseconds since 1970. */
  readonly atMs: number;
  readonly verdict: 'well' | Severity;
  /** The worst first. */
  readonly findings: readonly Finding[];
}
