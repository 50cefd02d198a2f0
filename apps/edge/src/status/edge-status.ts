import {
  statusWindowMs,
  thisProcess,
  worstSessions,
  type EdgeStatus,
  type ListedSession,
} from '@parley/redis/process-status';
import {
  durationsOf,
  MetricsWindow,
  readMetrics,
  samplesOf,
  sumOf,
  type MetricsRegistry,
  type Sample,
} from '@parley/telemetry';
import type { ServedSession } from '../sessions/served-session.ts';

const latency = 'parley_edge_translation_latency_seconds';
const refusals = 'parley_edge_refusals_total';
const sockets = 'parley_edge_sockets';

interface EdgeState {
  readonly sockets: number;
  /** Growth of the counters and histograms within the last minute. */
  readonly growth: readonly Sample[];
  readonly speakers: number;
  readonly sessions: readonly ListedSession[];
}

/** Returns a function that reads the status of this edge. */
export function edgeStatusReader(
  registry: MetricsRegistry,
  served: { all(): readonly Pick<ServedSession, 'sessionId' | 'owner' | 'lag' | 'degradedReasons'>[] },
): () => Promise<EdgeStatus> {
  const names = [latency, refusals];
  const lastMinute = new MetricsWindow({ windowMs: statusWindowMs, names });
  return async () => {
    const snapshot = await readMetrics(registry, [sockets, ...names]);
    const nowMs = performance.now();
    const sessions = served.all();
    return edgeStatus({
      sockets: sumOf(samplesOf(snapshot, new Set([sockets])), sockets),
      growth: lastMinute.observe(snapshot, nowMs),
      speakers: sessions.filter(({ owner }) => owner !== undefined).length,
      sessions: sessions.map(({ sessionId, lag, degradedReasons }) => {
        const lagP95Ms = lag.p95Ms(nowMs);
        return { sessionId, ...(lagP95Ms === undefined ? {} : { lagP95Ms }), degraded: [...degradedReasons] };
      }),
    });
  };
}

/** Summarizes an edge. If it has many sessions, those with reduced service and the greatest lag are listed. */
export function edgeStatus({ sockets, growth, speakers, sessions }: EdgeState): EdgeStatus {
  const reasons = Map.groupBy(
    sessions.flatMap(({ degraded }) => degraded),
    (reason) => reason,
  );
  return {
    ...thisProcess(),
    kind: 'edge',
    sockets,
    sessions: sessions.length,
    speakers,
    latency: {
      partial: durationsOf(growth, latency, { kind: 'partial' }),
      final: durationsOf(growth, latency, { kind: 'final' }),
    },
    refusals: sumOf(growth, refusals),
    degraded: [...reasons].map(([reason, all]) => ({ reason, sessions: all.length })),
    listed: worstSessions(sessions),
  };
}
