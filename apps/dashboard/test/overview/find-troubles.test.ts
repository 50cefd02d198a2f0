import { describe, expect, it } from '@jest/globals';
import { findTroubles } from '../../src/overview/find-troubles.ts';
import { judge } from '../../src/overview/judge.ts';
import type { SystemState } from '../../src/overview/overview.ts';
import { atMs, edgeRow, endpointRow, queueRow, wellState, workerRow, workerStatus } from './system-states.ts';

/** Findings as `SEVERITY WHERE: WHAT`. */
function found(changed: Partial<SystemState>): string[] {
  return findTroubles(wellState(changed)).map(({ severity, where, what }) => `${severity} ${where}: ${what}`);
}

const quiet = { count: 0 };
const missing = { state: 'missing', ageMs: 14_000 } as const;

describe('a system in which all is well', () => {
  it('has no findings', () => {
    expect(found({})).toEqual([]);
    expect(judge(wellState(), atMs)).toMatchObject({ v: 1, atMs, verdict: 'well', findings: [] });
  });

  it('may be idle', () => {
    const latency = { partial: quiet, final: quiet };
    const calls = { made: 0, memory: 0, cache: 0, joinedHere: 0, joinedElsewhere: 0, cacheFailures: 0 };
    expect(
      found({
        edges: [edgeRow({}, { latency, sockets: 0, sessions: 0, speakers: 0, listed: [] })],
        endpoints: [endpointRow({ calls: 0, answer: quiet })],
        calls,
        sessions: { total: 0, listed: [] },
        today: undefined,
      }),
    ).toEqual([]);
  });
});

describe('the verdict', () => {
  it('is the worst finding, which comes first', () => {
    const state = wellState({ queues: [queueRow('partial', 5000)], workers: [] });
    const { verdict, findings } = judge(state, atMs);
    expect(verdict).toBe('down');
    expect(findings.map(({ severity }) => severity)).toEqual(['down', 'degraded']);
    expect(judge(wellState({ queues: [queueRow('partial', 5000)] }), atMs).verdict).toBe('degraded');
  });
});

describe('each trouble is found, and where it is', () => {
  it('Redis, without which nothing else is known', () => {
    expect(found({ redis: 'CLOSED: no connection', edges: [], workers: [] })).toEqual([
      'down Redis: CLOSED: no connection',
    ]);
  });

  it('no edge, no worker', () => {
    expect(found({ edges: [] })).toEqual(['down edges: none reports: clients cannot connect']);
    expect(found({ workers: [] })).toEqual(['down workers: none reports: nothing is translated']);
    expect(found({ workers: [workerRow(missing)] })).toEqual([
      'down workers: none reports: nothing is translated',
      'degraded worker host-a 102: has not reported for 14 s; 0 of 1 workers report',
    ]);
  });

  it('a process that does not report', () => {
    expect(found({ workers: [workerRow(), workerRow({ ...missing, name: 'worker host-b 7' })] })).toEqual([
      'degraded worker host-b 7: has not reported for 14 s; 1 of 2 workers reports',
    ]);
    expect(found({ edges: [edgeRow(), edgeRow(), edgeRow({ ...missing, name: 'edge host-b 7' })] })).toEqual([
      'degraded edge host-b 7: has not reported for 14 s; 2 of 3 edges report',
    ]);
  });

  it('a process that ends again and again, but not one that was replaced once', () => {
    const replaced = workerRow({ state: 'replaced', ageMs: 60_000 });
    expect(found({ workers: [workerRow(), replaced] })).toEqual([]);
    expect(found({ workers: [workerRow(), replaced, replaced] })).toEqual([
      'degraded workers on host-a: ended without a word 2 times within five minutes',
    ]);
    expect(found({ workers: [workerRow(), replaced, { ...replaced, host: 'host-b' }] })).toEqual([]);
  });

  it('processes of another version', () => {
    expect(found({ unreadable: 2 })).toEqual(['degraded processes: 2 report in the format of another version']);
  });

  it('threads that do not answer', () => {
    const threads = workerStatus.threads.map((each) => ({ ...each, answers: each.thread === 2 }));
    expect(found({ workers: [workerRow({}, { threads })] })).toEqual([
      'degraded worker host-a 102: 1 of 2 threads answers',
    ]);
    // One that ended, and is not started again yet.
    expect(found({ workers: [workerRow({}, { threads: threads.slice(1) })] })).toEqual([
      'degraded worker host-a 102: 1 of 2 threads answers',
    ]);
    expect(found({ workers: [workerRow({}, { threads: threads.slice(0, 1) })] })).toEqual([
      'down workers: no thread answers',
      'degraded worker host-a 102: 0 of 2 threads answer',
    ]);
  });

  it('finals that could not be translated', () => {
    expect(found({ workers: [workerRow({}, { finals: { translated: 9, failed: 3 } })] })).toEqual([
      'degraded worker host-a 102: 3 finals could not be translated in the last minute',
    ]);
  });

  it('a queue whose next job waits for too long', () => {
    expect(found({ queues: [queueRow('final', 2000), queueRow('long-final', 30_000)] })).toEqual([]);
    expect(
      found({ queues: [queueRow('final', 12_000), queueRow('partial', 2001), queueRow('long-final', 90_000)] }),
    ).toEqual([
      'degraded queue final: the next job has waited for 12 s',
      'degraded queue partial: the next job has waited for 2.0 s',
      'degraded queue long-final: the next job has waited for 90 s',
    ]);
    expect(found({ queues: [queueRow('final', 61_000)] })).toEqual([
      'down queue final: the next job has waited for 61 s',
    ]);
  });

  it('an endpoint that can not be used, and that none can', () => {
    const bad = endpointRow({ endpoint: 'one', trouble: 'circuit open: HTTP 503', openCircuits: 2 });
    expect(found({ endpoints: [bad, endpointRow({ endpoint: 'two' })] })).toEqual([
      'degraded endpoint one: circuit open: HTTP 503',
    ]);
    expect(found({ endpoints: [bad] })).toEqual([
      'down engine: no endpoint can be used',
      'degraded endpoint one: circuit open: HTTP 503',
    ]);
  });

  it('an endpoint that only some threads can not use, which does not stop the others', () => {
    const some = endpointRow({ endpoint: 'one', trouble: 'HTTP 503', threads: 3, usableThreads: 2 });
    expect(found({ endpoints: [some] })).toEqual(['degraded endpoint one: usable in 2 of 3 threads: HTTP 503']);
    const hung = endpointRow({ endpoint: 'two', usableThreads: 0 });
    expect(found({ endpoints: [hung] })).toEqual([]);
  });

  it.each([
    [{ openCircuits: 1 }, 'its circuit breaker is open in 1 of 2 threads'],
    [{ calls: 100, errors: 21 }, '21 of 100 calls failed in the last minute'],
    [{ pauses: 4 }, 'rejected 4 calls with 429 in the last minute'],
    [{ fallbackThreads: 2 }, "2 threads can't reach its rate limit in Redis and use a share of it"],
  ])('an endpoint with %j', (changed, what) => {
    expect(found({ endpoints: [endpointRow({ endpoint: 'one', ...changed })] })).toEqual([
      `degraded endpoint one: ${what}`,
    ]);
  });

  it('not an endpoint with a few errors, or few calls', () => {
    expect(found({ endpoints: [endpointRow({ calls: 100, errors: 20 })] })).toEqual([]);
    expect(found({ endpoints: [endpointRow({ calls: 9, errors: 9 })] })).toEqual([]);
  });

  it('translations that come late', () => {
    const late = { count: 10, p50Ms: 900, p95Ms: 4200 };
    expect(found({ edges: [edgeRow({}, { latency: { partial: late, final: late } })] })).toEqual([
      'degraded edge host-a 101: 5% of the finals of the last minute took more than 4.2 s',
      'degraded edge host-a 101: 5% of the partials of the last minute took more than 4.2 s',
    ]);
    const few = { ...late, count: 9 };
    expect(found({ edges: [edgeRow({}, { latency: { partial: few, final: quiet } })] })).toEqual([]);
  });

  it('sessions with reduced service, over all edges that report', () => {
    const degraded = [
      { reason: 'overloaded', sessions: 3 },
      { reason: 'over-budget', sessions: 1 },
    ];
    const edges = [edgeRow({}, { degraded }), edgeRow({}, { degraded: degraded.slice(0, 1) })];
    expect(found({ edges })).toEqual(['degraded sessions: 6 overloaded', 'degraded sessions: 1 over-budget']);
  });

  it('a cache that fails', () => {
    expect(found({ calls: { ...workerStatus.calls, cacheFailures: 9 } })).toEqual([]);
    expect(found({ calls: { ...workerStatus.calls, cacheFailures: 10 } })).toEqual([
      'degraded cache: 10 commands failed in the last minute; calls were made without it',
    ]);
  });

  it('nothing in the last report of a process that is gone', () => {
    const degraded = [{ reason: 'overloaded', sessions: 3 }];
    const gone = edgeRow(
      { state: 'replaced' },
      { degraded, latency: { partial: quiet, final: { count: 99, p95Ms: 9000 } } },
    );
    expect(found({ edges: [edgeRow(), gone] })).toEqual([]);
    const worker = workerRow({ state: 'replaced' }, { threads: [], finals: { translated: 0, failed: 5 } });
    expect(found({ workers: [workerRow(), worker] })).toEqual([]);
  });
});
