import type { ClientMessageType, ErrorCode } from '@parley/protocol';
import { Counter, Gauge, Histogram } from 'prom-client';
import { latencyBucketsSeconds } from './buckets.ts';
import type { MetricsRegistry } from './metrics-registry.ts';
import type { TranslationKind } from './translation-kind.ts';

/** What one edge counts. */
export interface EdgeMetrics {
  socketOpened(): void;
  socketClosed(): void;
  sessionOpened(): void;
  sessionClosed(): void;
  /** `invalid`: a frame that is no message of the protocol. */
  frameReceived(type: ClientMessageType | 'invalid'): void;
  errorSent(code: ErrorCode): void;
  /** A partial came with a revision that isn't above the newest. */
  partialStale(): void;
  /** A partial's text was replaced by a newer one before a worker took it. */
  partialSuperseded(): void;
  /** A partial put into a slot made a ticket; the others travel with the one that waits. */
  ticketMade(): void;
  translationDelivered(kind: TranslationKind, totalMs: number): void;
  /** Log entries were missed on the channel and read from the log. */
  gapFilled(): void;
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
  const stale = new Counter({
    name: 'parley_edge_partials_stale_total',
    help: 'Partials ignored because their revision was not above the newest.',
    registers,
  });
  const superseded = new Counter({
    name: 'parley_edge_partials_superseded_total',
    help: 'Partials replaced by a newer one before a worker took them.',
    registers,
  });
  const tickets = new Counter({
    name: 'parley_edge_tickets_total',
    help: 'Jobs made for partials; the other partials travel with a job that waits already.',
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
  return {
    socketOpened: () => sockets.inc(),
    socketClosed: () => sockets.dec(),
    sessionOpened: () => sessions.inc(),
    sessionClosed: () => sessions.dec(),
    frameReceived: (type) => frames.inc({ type }),
    errorSent: (code) => errors.inc({ code }),
    partialStale: () => stale.inc(),
    partialSuperseded: () => superseded.inc(),
    ticketMade: () => tickets.inc(),
    translationDelivered: (kind, totalMs) => latency.observe({ kind }, totalMs / 1000),
    gapFilled: () => gaps.inc(),
  };
}
