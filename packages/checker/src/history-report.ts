import type { ErrorCode } from '@parley/protocol';
import type { Violation } from './violation.ts';

/** Latencies in milliseconds, one sample per translation. */
export interface LatencySamples {
  /** Per displayed partial: since that revision was sent. */
  readonly partialMs: number[];
  /** Per sent revision: until it or a newer one was displayed. */
  readonly caughtUpMs: number[];
  /** Per final: since it was first sent. */
  readonly finalMs: number[];
  /** Per final: total time minus engine time, according to the translation's `timing`. */
  readonly finalAddedMs: number[];
}

export interface HistoryCounts {
  partialsSent: number;
  /** Translations of partials in all languages. */
  partialsShown: number;
  finalsSent: number;
  /** Translations of finals in all languages. */
  finalsTranslated: number;
  finalsFailed: number;
  readonly errors: Map<ErrorCode, number>;
}

/** The result of checking one client's history. */
export interface HistoryReport {
  readonly violations: readonly Violation[];
  readonly latency: LatencySamples;
  readonly counts: Readonly<HistoryCounts>;
}

/** An empty report, to be filled during the check. */
export function emptyReport(): HistoryReport & { readonly violations: Violation[]; readonly counts: HistoryCounts } {
  return {
    violations: [],
    latency: { partialMs: [], caughtUpMs: [], finalMs: [], finalAddedMs: [] },
    counts: {
      partialsSent: 0,
      partialsShown: 0,
      finalsSent: 0,
      finalsTranslated: 0,
      finalsFailed: 0,
      errors: new Map(),
    },
  };
}
