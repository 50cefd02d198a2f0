import { setTimeout as delay } from 'node:timers/promises';
import { queueKinds, type QueueViews } from '@parley/queues';
import { ProcessStatusStore, type ListedSession } from '@parley/redis/process-status';
import { SessionDirectory } from '@parley/redis/session';
import { TenantSettingsStore } from '@parley/redis/tenant-settings';
import { dayOf, UsageStore } from '@parley/redis/usage';
import { endpointRows } from './endpoint-rows.ts';
import { judge } from './judge.ts';
import { liveSessions } from './live-sessions.ts';
import type { EdgeRow, Overview, QueueRow, SessionRow, SystemState, TenantRow, Today, WorkerRow } from './overview.ts';
import { processRows } from './process-rows.ts';
import { reportedStatuses } from './reporting.ts';
import { today } from './today.ts';

/** Shared by all who look at it. */
const freshForMs = 1000;
/** The usage of the day changes slowly, and there may be many tenants. */
const usageFreshForMs = 10_000;
/** With the 3 s that the check of Redis may take, still within the page's own limit. */
const readTimeoutMs = 1500;
const maxTenants = 500;

const nothing: Omit<SystemState, 'redis'> = {
  edges: [],
  workers: [],
  unreadable: 0,
  queues: [],
  endpoints: [],
  calls: { made: 0, memory: 0, cache: 0, joinedHere: 0, joinedElsewhere: 0, cacheFailures: 0 },
  sessions: { total: 0, listed: [] },
  today: undefined,
};

export interface OverviewReaderOptions {
  readonly redis: ConstructorParameters<typeof ProcessStatusStore>[0];
  readonly queues: Pick<QueueViews, 'depth' | 'nextJobAgeMs'>;
  /** Returns `ok`, or why Redis can't be used. */
  readonly checkRedis: () => Promise<string>;
  /** Called with what went wrong while Redis could be used. */
  readonly onError: (error: unknown) => void;
}

/** Reads the overview from Redis, at most once a second. */
export class OverviewReader {
  readonly #options: OverviewReaderOptions;
  readonly #processes: ProcessStatusStore;
  readonly #sessions: SessionDirectory;
  readonly #usage: UsageStore;
  readonly #settings: TenantSettingsStore;
  #last: Overview | undefined;
  #reading: Promise<Overview> | undefined;
  #today: { readonly value: Today; readonly atMs: number } | undefined;

  constructor(options: OverviewReaderOptions) {
    this.#options = options;
    this.#processes = new ProcessStatusStore(options.redis);
    this.#sessions = new SessionDirectory(options.redis);
    this.#usage = new UsageStore(options.redis);
    this.#settings = new TenantSettingsStore(options.redis);
  }

  /** Never rejects: without Redis, the overview says so. */
  async read(): Promise<Overview> {
    if (this.#last !== undefined && Math.abs(Date.now() - this.#last.atMs) < freshForMs) return this.#last;
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    return (this.#last = await this.#reading);
  }

  async #read(): Promise<Overview> {
    const atMs = Date.now();
    const redis = await this.#options.checkRedis();
    if (redis !== 'ok') return judge({ redis, ...nothing }, atMs);
    const late = new AbortController();
    const timedOut = delay(readTimeoutMs, 'TIMEOUT: Redis did not answer in time', { signal: late.signal });
    timedOut.catch(() => undefined);
    try {
      const state = await Promise.race([this.#readState(atMs), timedOut]);
      return judge(typeof state === 'string' ? { redis: state, ...nothing } : state, atMs);
    } catch (error) {
      this.#options.onError(error);
      return judge({ redis: 'reading the state failed; see the log of the dashboard', ...nothing }, atMs);
    } finally {
      late.abort();
    }
  }

  async #readState(nowMs: number): Promise<SystemState> {
    const [processes, queues, today] = await Promise.all([
      this.#processes.list(),
      Promise.all(queueKinds.map((queue) => this.#readQueue(queue))),
      this.#readToday(nowMs),
    ]);
    const { edges, workers, unreadable } = processRows(processes, nowMs);
    return {
      redis: 'ok',
      edges,
      workers,
      unreadable,
      queues,
      endpoints: endpointRows(workers),
      calls: callsOf(workers),
      sessions: await this.#readSessions(edges),
      today,
    };
  }

  async #readQueue(queue: QueueRow['queue']): Promise<QueueRow> {
    const { queues } = this.#options;
    const [jobs, ageMs] = await Promise.all([queues.depth(queue), queues.nextJobAgeMs(queue)]);
    return { queue, jobs, nextJobAgeMs: Math.round(ageMs) };
  }

  async #readSessions(edges: readonly EdgeRow[]): Promise<SystemState['sessions']> {
    const { total, worst } = liveSessions(edges);
    const rows = await Promise.all(worst.map((session) => this.#readSession(session)));
    const listed = rows.filter((row) => row !== undefined);
    // Those that were not found were erased.
    return { total: total - (rows.length - listed.length), listed };
  }

  async #readSession({ sessionId, lagP95Ms, degraded }: ListedSession): Promise<SessionRow | undefined> {
    const [description, costMicros] = await Promise.all([
      this.#sessions.describe(sessionId),
      this.#usage.costOfSession(sessionId),
    ]);
    if (description === undefined) return undefined;
    const { head: _head, ...described } = description;
    return { ...described, lagP95Ms, degraded, costMicros };
  }

  async #readToday(nowMs: number): Promise<Today> {
    const day = dayOf(nowMs);
    const known = this.#today;
    if (known?.value.day === day && Math.abs(nowMs - known.atMs) < usageFreshForMs) return known.value;
    const tenants = (await this.#usage.tenantsOf(day)).sort();
    const counted = tenants.slice(0, maxTenants);
    const rows = await Promise.all(
      counted.map(async (tenant) => ({ tenant, usage: await this.#usage.read(tenant, day) })),
    );
    const ofDay = today(day, rows, tenants.length - counted.length);
    const value = { ...ofDay, tenants: await Promise.all(ofDay.tenants.map((row) => this.#withBudget(row))) };
    this.#today = { value, atMs: nowMs };
    return value;
  }

  async #withBudget(row: TenantRow): Promise<TenantRow> {
    const settings = await this.#settings.read(row.tenant);
    if (settings !== 'unreadable') return { ...row, dailyBudgetMicros: settings.dailyBudgetMicros };
    this.#options.onError(new Error(`the settings of the tenant ${row.tenant} can't be read`));
    return row;
  }
}

function callsOf(workers: readonly WorkerRow[]): SystemState['calls'] {
  const reporting = reportedStatuses(workers);
  const sum = (read: (status: WorkerRow['status']) => number): number =>
    reporting.reduce((total, status) => total + read(status), 0);
  return {
    made: sum(({ calls }) => calls.made),
    memory: sum(({ calls }) => calls.memory),
    cache: sum(({ calls }) => calls.cache),
    joinedHere: sum(({ calls }) => calls.joinedHere),
    joinedElsewhere: sum(({ calls }) => calls.joinedElsewhere),
    cacheFailures: sum(({ cacheFailures }) => cacheFailures),
  };
}
