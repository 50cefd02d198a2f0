import type { ErrorCode } from '@parley/protocol';
import type { Violation } from './violation.ts';

/** Milliseconds from sending to receiving, one sample a translation. */
export interface LatencySamples {
  /** Of each partial that was shown: since that very revision was sent. */
  readonly partialMs: number[];
  /** Of each revision that was sent: until it or a newer one was shown. */
  readonly caughtUpMs: number[];
  /** Of each final: since it was sent first. */
  readonly finalMs: number[];
  /** Of each final: what the server added to the engine's time, by the translation's own `timing`. */
  readonly finalAddedMs: number[];
}

export interface HistoryCounts {
  partialsSent: number;
  /** Translations of partials, over all languages. */
  partialsShown: number;
  finalsSent: number;
  /** Translations of finals, over all languages. */
  finalsTranslated: number;
  finalsFailed: number;
  readonly errors: Map<ErrorCode, number>;
}

/** What the history of one client says. */
export interface HistoryReport {
  readonly violations: readonly Violation[];
  readonly latency: LatencySamples;
  readonly counts: Readonly<HistoryCounts>;
}

/** A report that is filled as the history is told. */
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
