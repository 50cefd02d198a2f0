import { describe, expect, it } from '@jest/globals';
import type { EndpointStatus, ProcessStatus } from '@parley/redis/process-status';
import { endpointRows } from '../../src/overview/endpoint-rows.ts';
import { liveSessions } from '../../src/overview/live-sessions.ts';
import { processRows } from '../../src/overview/process-rows.ts';
import { savedTokens, today } from '../../src/overview/today.ts';
import { atMs, edgeRow, edgeStatus, endpointRow, usageOf, workerRow, workerStatus } from './system-states.ts';

const reported = (status: ProcessStatus | undefined, ageMs = 1000) => ({ process: 'any', ageMs, status });

describe('the processes', () => {
  const statesOf = (...processes: ReturnType<typeof reported>[]): string[] => {
    const { edges, workers } = processRows(processes, atMs);
    return [...edges, ...workers].map(({ name, state }) => `${name} ${state}`);
  };

  it('are edges and workers, in the order of their names, with their age and how long they run', () => {
    const rows = processRows(
      [reported(workerStatus), reported({ ...edgeStatus, pid: 1010 }, 2500), reported(edgeStatus), reported(undefined)],
      atMs,
    );
    expect(rows.edges).toMatchObject([
      { name: 'edge host-a 101', state: 'reports', ageMs: 1000, upMs: 3_600_000 },
      { name: 'edge host-a 1010', ageMs: 2500 },
    ]);
    expect(rows.workers).toMatchObject([{ name: 'worker host-a 102', status: workerStatus }]);
    expect(rows.unreadable).toBe(1);
  });

  it('are missing when they have not reported for ten seconds', () => {
    expect(statesOf(reported(workerStatus, 10_000))).toEqual(['worker host-a 102 reports']);
    expect(statesOf(reported(workerStatus, 10_001))).toEqual(['worker host-a 102 missing']);
  });

  it('are replaced by one that was started on the same host after their last report', () => {
    const silent = reported(workerStatus, 30_000);
    const later = { pid: 900, startedAtMs: atMs - 25_000 };
    expect(statesOf(silent, reported({ ...workerStatus, ...later }))).toEqual([
      'worker host-a 102 replaced',
      'worker host-a 900 reports',
    ]);
    for (const other of [
      { ...workerStatus, ...later, host: 'host-b' },
      { ...workerStatus, ...later, startedAtMs: atMs - 31_000 },
      { ...edgeStatus, ...later },
    ]) {
      expect(statesOf(silent, reported(other))).toContain('worker host-a 102 missing');
    }
    // One replaces only one.
    const states = statesOf(
      silent,
      reported({ ...workerStatus, pid: 103 }, 30_000),
      reported({ ...workerStatus, ...later }),
    );
    expect(states.filter((state) => state.endsWith('missing'))).toHaveLength(1);
  });
});

describe('the endpoints', () => {
  it('are combined over the workers that report', () => {
    const [endpoint] = workerStatus.endpoints;
    if (endpoint === undefined) throw new Error('the worker has no endpoint');
    const { headroom: _headroom, ...unlimited } = endpoint;
    const slow = { ...unlimited, calls: 5, errors: 2, answer: { count: 3, p50Ms: 900, p95Ms: 1800 }, openCircuits: 1 };
    const rows = endpointRows([
      workerRow(),
      workerRow({}, { endpoints: [{ ...slow, fallbackThreads: 1, pauses: 3, trouble: 'HTTP 503' }] }),
      workerRow({ state: 'missing' }, { endpoints: [{ ...slow, endpoint: 'gone' }] }),
    ]);
    expect(rows).toEqual([
      endpointRow({
        calls: 810,
        errors: 2,
        answer: { count: 793, p50Ms: 900, p95Ms: 1800 },
        openCircuits: 1,
        fallbackThreads: 1,
        pauses: 3,
        trouble: 'HTTP 503',
        threads: 4,
        usableThreads: 2,
      }),
    ]);
    const tighter = { ...endpoint, headroom: 0.1 };
    expect(endpointRows([workerRow(), workerRow({}, { endpoints: [tighter] })])).toMatchObject([{ headroom: 0.1 }]);
    expect(endpointRows([])).toEqual([]);
  });

  it('are usable in the threads that say so, or in all of an earlier worker that has no trouble', () => {
    const [endpoint] = workerStatus.endpoints;
    if (endpoint === undefined) throw new Error('the worker has no endpoint');
    const trouble = 'HTTP 503';
    const usableThreads = (...changes: Partial<EndpointStatus>[]): unknown =>
      endpointRows(changes.map((changed) => workerRow({}, { endpoints: [{ ...endpoint, ...changed }] })));
    expect(usableThreads({ trouble, usableThreads: 1 })).toMatchObject([{ threads: 2, usableThreads: 1, trouble }]);
    expect(usableThreads({ trouble, usableThreads: 1 }, { usableThreads: 2 })).toMatchObject([
      { threads: 4, usableThreads: 3, trouble },
    ]);
    expect(usableThreads({ trouble }, {})).toMatchObject([{ threads: 4, usableThreads: 2 }]);
    // The threads of a worker that does not know it say nothing of it.
    expect(endpointRows([workerRow(), workerRow({}, { endpoints: [] })])).toMatchObject([{ threads: 2 }]);
  });
});

describe('the live sessions', () => {
  it('are counted once, with the greatest lag and the reasons of all their edges', () => {
    const listed = [{ sessionId: 's-one', lagP95Ms: 900, degraded: ['overloaded'] }];
    const { total, worst } = liveSessions([
      edgeRow(),
      edgeRow({}, { speakers: 0, listed }),
      edgeRow({ state: 'missing' }, { listed: [{ sessionId: 'gone', degraded: [] }] }),
    ]);
    expect(total).toBe(2);
    expect(worst).toEqual([
      { sessionId: 's-one', lagP95Ms: 900, degraded: ['overloaded'] },
      { sessionId: 's-two', lagP95Ms: 410, degraded: [] },
    ]);
  });

  it('are listed up to 200, the worst first, and counted by their speakers beyond', () => {
    const listed = Array.from({ length: 150 }, (_, number) => ({
      sessionId: `a${number}`,
      lagP95Ms: number,
      degraded: [],
    }));
    const others = listed.map((session) => ({ ...session, sessionId: session.sessionId.replace('a', 'b') }));
    const { total, worst } = liveSessions([
      edgeRow({}, { speakers: 500, listed }),
      edgeRow({}, { speakers: 150, listed: others }),
    ]);
    expect(total).toBe(650);
    expect(worst).toHaveLength(200);
    expect(worst.slice(0, 3).map(({ sessionId }) => sessionId)).toEqual(['a149', 'b149', 'a148']);
  });
});

describe('the usage of today', () => {
  it('lists the 50 most expensive tenants and sums all of them', () => {
    const tenants = Array.from({ length: 60 }, (_, number) => ({
      tenant: `t${number}`,
      usage: usageOf({ costMicros: number, requests: 1, 'savedTokens:joined': 2 }),
    }));
    const { total, tenants: listed, further, uncounted } = today('2026-11-30', tenants, 7);
    expect(total).toEqual(usageOf({ costMicros: 1770, requests: 60, 'savedTokens:joined': 120 }));
    expect(listed).toHaveLength(50);
    expect(listed[0]?.tenant).toBe('t59');
    expect([further, uncounted]).toEqual([10, 7]);
  });

  it('sums what was saved in every way', () => {
    const saved = { 'savedTokens:cached': 1, 'savedTokens:joined': 20, 'savedTokens:superseded': 300 };
    expect(savedTokens(usageOf({ ...saved, 'savedTokens:nothing-new': 4000 }))).toBe(4321);
  });
});
