import { expect, it } from '@jest/globals';
import { createEdgeMetrics, createThreadRegistry } from '@parley/telemetry';
import { edgeStatus, edgeStatusReader } from '../../src/status/edge-status.ts';
import { RecentLag } from '../../src/sessions/recent-lag.ts';

const empty = { sockets: 0, growth: [], speakers: 0, sessions: [] };

it('tells what the metrics and sessions of an edge have', async () => {
  const registry = createThreadRegistry();
  const metrics = createEdgeMetrics(registry);
  const lag = new RecentLag();
  const sessions = [
    { sessionId: 'one', owner: undefined, lag: new RecentLag(), degradedReasons: [] },
    { sessionId: 'two', owner: {} as never, lag, degradedReasons: ['overloaded' as const] },
  ];
  const read = edgeStatusReader(registry, { all: () => sessions });
  metrics.socketOpened();
  metrics.socketOpened();
  metrics.clientRefused('wrong-key');
  for (let count = 0; count < 10; count += 1) metrics.translationDelivered('final', 450);
  lag.add(450, performance.now());
  expect(await read()).toMatchObject({
    v: 1,
    kind: 'edge',
    pid: process.pid,
    sockets: 2,
    sessions: 2,
    speakers: 1,
    latency: { partial: { count: 0 }, final: { count: 10, p50Ms: 450, p95Ms: 495 } },
    refusals: 1,
    degraded: [{ reason: 'overloaded', sessions: 1 }],
    listed: [
      { sessionId: 'two', lagP95Ms: 450, degraded: ['overloaded'] },
      { sessionId: 'one', degraded: [] },
    ],
  });
});

it('lists the worst 200 of its sessions, and counts all of them', () => {
  const sessions = Array.from({ length: 300 }, (_, number) => ({
    sessionId: String(number),
    ...(number < 100 ? {} : { lagP95Ms: number }),
    degraded: number === 0 ? ['rate-limited', 'over-budget'] : number === 1 ? ['rate-limited'] : [],
  }));
  const status = edgeStatus({ ...empty, sessions });
  expect(status.sessions).toBe(300);
  expect(status.listed).toHaveLength(200);
  expect(status.listed.slice(0, 4).map(({ sessionId }) => sessionId)).toEqual(['0', '1', '299', '298']);
  expect(status.degraded).toEqual([
    { reason: 'rate-limited', sessions: 2 },
    { reason: 'over-budget', sessions: 1 },
  ]);
});
