import type { ClientMessageType, ErrorCode } from '@parley/protocol';
import { Counter, Gauge, Histogram } from 'prom-client';
import { latencyBucketsSeconds } from './buckets.ts';
import type { MetricsRegistry } from './metrics-registry.ts';
import type { TranslationKind } from './translation-kind.ts';

/** `stale`: not above the newest revision; `settled`, `too-old`: after its final; `redis-away`: nothing keeps it meanwhile. */
export type IgnoredPartial = 'stale' | 'settled' | 'too-old' | 'redis-away';

/**
 * `sent`: at once; `held`: it adds little, so it waits for a newer one; `due`: a held one that no newer one replaced in
 * time, and that was sent then; `same`: it says what was sent before.
 */
export type PartialDecision = 'sent' | 'held' | 'due' | 'same';

/** What one edge counts. */
export interface EdgeMetrics {
  socketOpened(): void;
  socketClosed(): void;
  sessionOpened(): void;
  sessionClosed(): void;
  /** `invalid`: a frame that is no message of the protocol; `refused`: one beyond the limit of frames, not looked at. */
  frameReceived(type: ClientMessageType | 'invalid' | 'refused'): void;
  errorSent(code: ErrorCode): void;
  /** A partial was not put into its segment. */
  partialIgnored(reason: IgnoredPartial): void;
  /** It was judged whether a partial is worth a call. */
  partialJudged(worth: PartialDecision): void;
  /** Open segments were evicted, since more were open than are allowed. */
  segmentsEvicted(count: number): void;
  /** An open segment that no worker thread holds got a job. */
  partialJobAdded(): void;
  translationDelivered(kind: TranslationKind, totalMs: number): void;
  /** Log entries were missed on the channel and read from the log. */
  gapFilled(): void;
  /** A slow client was not sent a partial, since a newer one or the final replaced it. */
  partialFolded(): void;
  /** A client let more wait than it may, and was closed. */
  slowClientClosed(): void;
}

/** Adds an edge's metrics to a registry, which must not hold them yet. */
export function createEdgeMetrics(registry: MetricsRegistry): EdgeMetrics {
  const registers = [registry];
  const sockets = new Gauge({ name: 'parley_edge_sockets', help: 'Open WebSockets.', registers });
  const sessions = new Gauge({ name: 'parley_edge_sessions', help: 'Sessions served by this edge.', registers });
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
  const ignored = new Counter({
    name: 'parley_edge_partials_ignored_total',
    help: 'Partials that were not put into their segments, by reason.',
    labelNames: ['reason'],
    registers,
  });
  const judged = new Counter({
    name: 'parley_edge_partials_judged_total',
    help: 'Partials by whether they were worth a call.',
    labelNames: ['worth'],
    registers,
  });
  const evicted = new Counter({
    name: 'parley_edge_segments_evicted_total',
    help: 'Open segments that were evicted, since more were open than are allowed.',
    registers,
  });
  const partialJobs = new Counter({
    name: 'parley_edge_partial_jobs_total',
    help: 'Jobs added for open segments; the other partials go to the worker thread that holds their segment.',
    registers,
  });
  const latency = new Histogram({
    name: 'parley_edge_translation_latency_seconds',
    help: "From a transcript's arrival to its translation's leaving, by kind.",
    labelNames: ['kind'],
    buckets: latencyBucketsSeconds,
    registers,
  });
  const gaps = new Counter({
    name: 'parley_edge_gaps_filled_total',
    help: 'Times that entries missed on the channel were read from the log.',
    registers,
  });
  const folded = new Counter({
    name: 'parley_edge_partials_folded_total',
    help: 'Partials that slow clients were not sent, because a newer one or the final replaced them.',
    registers,
  });
  const slowCloses = new Counter({
    name: 'parley_edge_slow_clients_closed_total',
    help: 'Clients that were closed because they read too slowly.',
    registers,
  });
  return {
    socketOpened: () => sockets.inc(),
    socketClosed: () => sockets.dec(),
    sessionOpened: () => sessions.inc(),
    sessionClosed: () => sessions.dec(),
    frameReceived: (type) => frames.inc({ type }),
    errorSent: (code) => errors.inc({ code }),
    partialIgnored: (reason) => ignored.inc({ reason }),
    partialJudged: (worth) => judged.inc({ worth }),
    segmentsEvicted: (count) => evicted.inc(count),
    partialJobAdded: () => partialJobs.inc(),
    translationDelivered: (kind, totalMs) => latency.observe({ kind }, totalMs / 1000),
    gapFilled: () => gaps.inc(),
    partialFolded: () => folded.inc(),
    slowClientClosed: () => slowCloses.inc(),
  };
}
