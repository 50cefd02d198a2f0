import type { ClientMessageType, ErrorCode } from '@parley/protocol';
import { Counter, Gauge, Histogram } from 'prom-client';
import { latencyBucketsSeconds } from './buckets.ts';
import type { MetricsRegistry, TranslationKind } from './metrics-registry.ts';
import { refusalReasons, type RefusalReason } from './refusal-reason.ts';

/**
 * Why a partial was ignored. `stale`: not above the newest revision; `settled`, `too-old`: the final came first;
 * `redis-away`: Redis is unreachable; `paused`: the session is paused.
 */
export type IgnoredPartial = 'stale' | 'settled' | 'too-old' | 'redis-away' | 'paused' | 'superseded';

/**
 * `sent`: sent at once; `debounced`: since it adds little; `due`: sent after debouncing, because no newer one
 * replaced it in time; `same`: dropped, since the previous one had the same content.
 */
export type PartialDecision = 'sent' | 'debounced' | 'due' | 'same';

/** Metrics of one edge. */
export interface EdgeMetrics {
  socketOpened(): void;
  socketClosed(): void;
  sessionOpened(): void;
  sessionClosed(): void;
  /** `invalid`: not a valid protocol message; `refused`: above the frame rate limit and not parsed. */
  frameReceived(type: ClientMessageType | 'invalid' | 'refused'): void;
  errorSent(code: ErrorCode): void;
  clientRefused(reason: RefusalReason): void;
  partialIgnored(reason: IgnoredPartial): void;
  /** The partial filter has classified a partial. */
  partialJudged(decision: PartialDecision): void;
  /** Open segments were evicted because their session exceeded its limit. */
  segmentsEvicted(count: number): void;
  /** A job was added for an open segment that no worker thread holds. */
  partialJobAdded(): void;
  translationDelivered(kind: TranslationKind, totalMs: number): void;
  /** Log entries were lost on the channel and read from the log. */
  gapFilled(): void;
  /** A partial to a slow client was replaced by a newer one or the final before it was sent. */
  partialFolded(): void;
  /** A client was closed because its send buffer exceeded the limit. */
  slowClientClosed(): void;
}

/** Creates the metrics in a registry that does not contain them yet. */
export function createEdgeMetrics(registry: MetricsRegistry): EdgeMetrics {
  const registers = [registry];
  const sockets = new Gauge({ name: 'parley_edge_sockets', help: 'Open WebSockets.', registers });
  const sessions = new Gauge({ name: 'parley_edge_sessions', help: 'Sessions on this edge.', registers });
  const frames = new Counter({
    name: 'parley_edge_frames_total',
    help: 'Frames received, by message type.',
    labelNames: ['type'],
    registers,
  });
  const errors = new Counter({
    name: 'parley_edge_errors_total',
    help: 'Errors sent to clients, by code.',
    labelNames: ['code'],
    registers,
  });
  const refusals = new Counter({
    name: 'parley_edge_refusals_total',
    help: 'Connections, messages and requests of clients that were refused, by reason.',
    labelNames: ['reason'],
    registers,
  });
  // A rate needs a value before the first refusal.
  for (const reason of refusalReasons) refusals.inc({ reason }, 0);
  const ignored = new Counter({
    name: 'parley_edge_partials_ignored_total',
    help: 'Partials that were ignored, by reason.',
    labelNames: ['reason'],
    registers,
  });
  const judged = new Counter({
    name: 'parley_edge_partials_judged_total',
    help: 'Partials by the decision of the partial filter.',
    labelNames: ['decision'],
    registers,
  });
  const evicted = new Counter({
    name: 'parley_edge_segments_evicted_total',
    help: 'Open segments evicted because their session exceeded its limit.',
    registers,
  });
  const partialJobs = new Counter({
    name: 'parley_edge_partial_jobs_total',
    help: 'Jobs added for open segments that no worker thread held.',
    registers,
  });
  const latency = new Histogram({
    name: 'parley_edge_translation_latency_seconds',
    help: 'Time from the arrival of a transcript to the delivery of its translation, by kind.',
    labelNames: ['kind'],
    buckets: latencyBucketsSeconds,
    registers,
  });
  const gaps = new Counter({
    name: 'parley_edge_gaps_filled_total',
    help: 'Times that log entries lost on the channel were read from the log.',
    registers,
  });
  const folded = new Counter({
    name: 'parley_edge_partials_folded_total',
    help: 'Partials to slow clients that a newer one or the final replaced before they were sent.',
    registers,
  });
  const slowCloses = new Counter({
    name: 'parley_edge_slow_clients_closed_total',
    help: 'Clients closed because they read too slowly.',
    registers,
  });
  return {
    socketOpened: () => sockets.inc(),
    socketClosed: () => sockets.dec(),
    sessionOpened: () => sessions.inc(),
    sessionClosed: () => sessions.dec(),
    frameReceived: (type) => frames.inc({ type }),
    errorSent: (code) => errors.inc({ code }),
    clientRefused: (reason) => refusals.inc({ reason }),
    partialIgnored: (reason) => ignored.inc({ reason }),
    partialJudged: (decision) => judged.inc({ decision }),
    segmentsEvicted: (count) => evicted.inc(count),
    partialJobAdded: () => partialJobs.inc(),
    translationDelivered: (kind, totalMs) => latency.observe({ kind }, totalMs / 1000),
    gapFilled: () => gaps.inc(),
    partialFolded: () => folded.inc(),
    slowClientClosed: () => slowCloses.inc(),
  };
}
