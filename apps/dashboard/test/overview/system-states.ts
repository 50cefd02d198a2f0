import type { EdgeStatus, WorkerStatus } from '@parley/redis/process-status';
import { usageFields, type Usage } from '@parley/redis/usage';
import type {
  EdgeRow,
  EndpointRow,
  QueueRow,
  SessionRow,
  SystemState,
  WorkerRow,
} from '../../src/overview/overview.ts';

/** When the states below were read. */
export const atMs = Date.UTC(2026, 10, 30, 9, 30);

export const edgeStatus: EdgeStatus = {
  v: 1,
  host: 'host-a',
  pid: 101,
  startedAtMs: atMs - 3_600_000,
  kind: 'edge',
  sockets: 53,
  sessions: 2,
  speakers: 2,
  latency: { partial: { count: 900, p50Ms: 270, p95Ms: 480 }, final: { count: 100, p50Ms: 310, p95Ms: 640 } },
  refusals: 0,
  degraded: [],
  listed: [
    { sessionId: 's-one', lagP95Ms: 520, degraded: [] },
    { sessionId: 's-two', lagP95Ms: 410, degraded: [] },
  ],
};

export const workerStatus: WorkerStatus = {
  v: 1,
  host: 'host-a',
  pid: 102,
  startedAtMs: atMs - 3_600_000,
  kind: 'worker',
  configuredThreads: 2,
  replacedThreads: 0,
  threads: [
    { thread: 1, answers: true, calls: 410, callLimit: 8 },
    { thread: 2, answers: true, calls: 395, callLimit: 8 },
  ],
  queueWait: { partial: { count: 90, p50Ms: 2, p95Ms: 6 }, final: { count: 100, p50Ms: 2, p95Ms: 5 } },
  finals: { translated: 100, failed: 0 },
  endpoints: [
    {
      endpoint: 'api.example.com small-model',
      calls: 805,
      errors: 0,
      answer: { count: 790, p50Ms: 240, p95Ms: 430 },
      openCircuits: 0,
      headroom: 0.62,
      fallbackThreads: 0,
      pauses: 0,
    },
  ],
  calls: { made: 805, memory: 40, cache: 61, joinedHere: 12, joinedElsewhere: 9 },
  cacheFailures: 0,
};

export function edgeRow(changed: Partial<EdgeRow> = {}, status: Partial<EdgeStatus> = {}): EdgeRow {
  const row = { name: 'edge host-a 101', host: 'host-a', state: 'reports', ageMs: 800, upMs: 3_600_000 } as const;
  return { ...row, ...changed, status: { ...edgeStatus, ...status } };
}

export function workerRow(changed: Partial<WorkerRow> = {}, status: Partial<WorkerStatus> = {}): WorkerRow {
  const row = { name: 'worker host-a 102', host: 'host-a', state: 'reports', ageMs: 1200, upMs: 3_600_000 } as const;
  return { ...row, ...changed, status: { ...workerStatus, ...status } };
}

export function endpointRow(changed: Partial<EndpointRow> = {}): EndpointRow {
  const [endpoint] = workerStatus.endpoints;
  if (endpoint === undefined) throw new Error('the worker has no endpoint');
  return { ...endpoint, threads: 2, usableThreads: changed.trouble === undefined ? 2 : 0, ...changed };
}

export function queueRow(queue: QueueRow['queue'], nextJobAgeMs = 0): QueueRow {
  return { queue, nextJobAgeMs, jobs: { waiting: 0, prioritized: 0, delayed: 0, active: 2, failed: 0 } };
}

export function sessionRow(changed: Partial<SessionRow> = {}): SessionRow {
  return {
    sessionId: 's-one',
    tenant: 'acme',
    startedAtMs: atMs - 25 * 60_000,
    sourceLanguage: 'en',
    targetLanguages: ['es', 'ar'],
    listeners: 48,
    state: 'live',
    lagP95Ms: 520,
    degraded: [],
    costMicros: 184_200,
    ...changed,
  };
}

export function usageOf(changed: Partial<Usage> = {}): Usage {
  return { ...(Object.fromEntries(usageFields.map((field) => [field, 0])) as Record<keyof Usage, number>), ...changed };
}

/** A system of one edge and one worker in which all is well. */
export function wellState(changed: Partial<SystemState> = {}): SystemState {
  const usage = usageOf({
    requests: 21_400,
    promptTokens: 4_100_000,
    completionTokens: 390_000,
    costMicros: 2_264_000,
    'savedTokens:cached': 310_000,
    'savedTokens:joined': 64_000,
    'savedTokens:superseded': 2_900_000,
    'savedTokens:nothing-new': 410_000,
  });
  return {
    redis: 'ok',
    edges: [edgeRow()],
    workers: [workerRow()],
    unreadable: 0,
    queues: [queueRow('partial'), queueRow('final'), queueRow('long-final')],
    endpoints: [endpointRow()],
    calls: { ...workerStatus.calls, cacheFailures: 0 },
    sessions: {
      total: 2,
      listed: [
        sessionRow(),
        sessionRow({
          sessionId: 's-two',
          tenant: 'globex',
          room: 'main-hall',
          targetLanguages: ['fr'],
          listeners: 3,
          lagP95Ms: 410,
          costMicros: 9100,
        }),
      ],
    },
    today: {
      day: '2026-11-30',
      total: usage,
      tenants: [{ tenant: 'acme', usage, dailyBudgetMicros: 25_000_000 }],
      further: 0,
      uncounted: 0,
    },
    ...changed,
  };
}
