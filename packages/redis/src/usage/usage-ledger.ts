import { setImmediate as nextLoopIteration, setTimeout as delay } from 'node:timers/promises';
import {
  budgetStatusOf,
  strictest,
  type PaidCall,
  type Account,
  type SavingCause,
  type Spending,
  type StabilityCounts,
  type BudgetStatus,
} from '@parley/translation';
import type { CurrentTenantSettings } from '../tenant-settings/current-tenant-settings.ts';
import type { SessionEndListener } from './session-ends.ts';
import { stabilityAmounts } from './stability-amounts.ts';
import { UsageAccount, type UsageAccountOptions } from './usage-account.ts';
import {
  AdditionRefusedError,
  dayOf,
  type SessionUsageField,
  type UsageField,
  type UsageStore,
} from './usage-store.ts';

const writeIntervalMs = 1000;
/** Without a session budget, a session's usage is only read at its end, so it is written every tenth time. */
const intervalsPerSessionWrite = 10;
/** Timeout of the last write when the ledger is closed, since Redis may be unreachable. */
const finalWriteTimeoutMs = 2000;
/** How long a final of an ending session may be delayed by the write of the session's usage. */
const sessionWriteTimeoutMs = 250;
/** Accounts that were idle for this long are removed. */
const accountIdleMs = 10 * 60_000;

export interface UsageLedgerOptions {
  readonly store: UsageStore;
  /** A unique name of this ledger. */
  readonly writer: string;
  /** The budget of a session, in millionths of the currency; `undefined`: unlimited. */
  readonly sessionBudgetMicros: number | undefined;
  /** The budget of a tenant per day (UTC). */
  readonly tenantBudgetMicros: number | undefined;
  /** The settings of tenants, whose budgets replace those above. */
  readonly settings?: Pick<CurrentTenantSettings, 'of' | 'hasAny'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called when a write fails; it is retried. */
  readonly onError: (error: unknown) => void;
  /** Called for amounts that can't be added and are lost. */
  readonly onLost: (error: AdditionRefusedError) => void;
}

/**
 * Sums the usage, savings and stability counts of one process or thread and writes them to Redis: those of a tenant's
 * day once a second, those of a session every ten seconds (every second with a session budget), and immediately while
 * the session is ending, because `session.ended` contains them. If the process is killed, unwritten amounts are lost.
 */
export class UsageLedger implements Spending, SessionEndListener, AsyncDisposable {
  readonly #options: UsageLedgerOptions;
  readonly #days = new Map<string, UsageAccount<UsageField>>();
  readonly #sessions = new Map<string, UsageAccount<SessionUsageField>>();
  readonly #timer: NodeJS.Timeout;
  #intervals = 0;
  #additionCount = 0;

  constructor(options: UsageLedgerOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#writeRegularly(), writeIntervalMs);
    this.#timer.unref();
  }

  spent({ requests, promptTokens, completionTokens, costMicros, ...account }: PaidCall): void {
    const tokens = promptTokens + completionTokens;
    this.#day(account.tenant).add({
      requests,
      promptTokens,
      completionTokens,
      costMicros: costMicros ?? 0,
      unpricedTokens: costMicros === undefined ? tokens : 0,
    });
    this.#session(account.sessionId).add({ usageTokens: tokens, usageCostMicros: costMicros ?? 0 });
  }

  saved({ tenant }: Pick<Account, 'tenant'>, cause: SavingCause, tokens: number): void {
    this.#day(tenant).add({ [`savedTokens:${cause}`]: tokens });
  }

  /** Adds the time during which a session was served; hourly costs are derived from it. */
  served({ tenant }: Pick<Account, 'tenant'>, durationMs: number): void {
    this.#day(tenant).add({ sessionMs: Math.round(durationMs) });
  }

  /** Counts a partial of the session's speaker. */
  partialHandled(sessionId: string): void {
    this.#session(sessionId).add({ usagePartials: 1 });
  }

  /** Adds the counts of a segment and target whose final has been translated. */
  stability(sessionId: string, counts: StabilityCounts): void {
    this.#session(sessionId).add(stabilityAmounts(counts));
  }

  budgetStatus({ sessionId, tenant }: Account): BudgetStatus {
    const settings = this.#options.settings?.of(tenant);
    const sessionMicros = currentBudget(settings?.sessionBudgetMicros, this.#options.sessionBudgetMicros);
    const dailyMicros = currentBudget(settings?.dailyBudgetMicros, this.#options.tenantBudgetMicros);
    return strictest(
      sessionMicros === undefined ? 'within' : budgetStatusOf(this.#session(sessionId).spentMicros, sessionMicros),
      dailyMicros === undefined ? 'within' : budgetStatusOf(this.#day(tenant).spentMicros, dailyMicros),
    );
  }

  /** Writes the session's usage now, and each later amount immediately. */
  onEnding(sessionId: string): void {
    const session = this.#session(sessionId);
    session.isUrgent = true;
    void session.write();
  }

  onMissed(): void {
    for (const session of this.#sessions.values()) void session.write();
  }

  /**
   * Resolves when all usage of an ending session up to now is written, or after 250 ms; the rest is written later.
   * Resolves immediately if the session isn't known to be ending. Never rejects.
   */
  async sessionWritten(sessionId: string): Promise<void> {
    const session = this.#sessions.get(sessionId);
    if (session?.isUrgent !== true) return;
    // A call that was just aborted is counted in the next iteration of the event loop.
    await nextLoopIteration();
    await waitAtMost(sessionWriteTimeoutMs, session.write());
  }

  /**
   * Writes all pending amounts and, if there are budgets, reads what other processes have spent. Never rejects: after a
   * failure the rest is written the next time.
   */
  async flush(): Promise<void> {
    await Promise.all([this.#writeDays(), this.#writeSessions()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    // A write that was already in progress may fail; the second flush retries it.
    await waitAtMost(
      finalWriteTimeoutMs,
      this.flush().then(() => this.flush()),
    );
  }

  #writeRegularly(): void {
    this.#intervals += 1;
    void this.#writeDays();
    if (this.#hasSessionBudgets || this.#intervals % intervalsPerSessionWrite === 0) void this.#writeSessions();
  }

  #writeDays(): Promise<void> {
    const { tenantBudgetMicros, settings } = this.#options;
    const hasBudgets = tenantBudgetMicros !== undefined || settings?.hasAny('dailyBudgetMicros') === true;
    return this.#writeAll(this.#days, { refresh: hasBudgets });
  }

  #writeSessions(): Promise<void> {
    return this.#writeAll(this.#sessions, { refresh: this.#hasSessionBudgets });
  }

  get #hasSessionBudgets(): boolean {
    const { sessionBudgetMicros, settings } = this.#options;
    return sessionBudgetMicros !== undefined || settings?.hasAny('sessionBudgetMicros') === true;
  }

  /** Starts all writes in one iteration of the event loop, so that they share a round trip. */
  async #writeAll<Field extends string>(
    accounts: Map<string, UsageAccount<Field>>,
    how: { readonly refresh: boolean },
  ): Promise<void> {
    const idleSinceMs = this.#options.now() - accountIdleMs;
    for (const [name, account] of accounts) {
      if (account.isWritten && (account.isGone || account.usedAtMs < idleSinceMs)) accounts.delete(name);
    }
    await Promise.all([...accounts.values()].map((account) => account.write(how)));
  }

  #day(tenant: string): UsageAccount<UsageField> {
    const day = dayOf(this.#options.now());
    return this.#account(this.#days, `${day} ${tenant}`, 'costMicros', (addition) =>
      this.#options.store.addToDay(tenant, day, addition),
    );
  }

  #session(sessionId: string): UsageAccount<SessionUsageField> {
    return this.#account(this.#sessions, sessionId, 'usageCostMicros', (addition) =>
      this.#options.store.addToSession(sessionId, addition),
    );
  }

  #account<Field extends string>(
    accounts: Map<string, UsageAccount<Field>>,
    name: string,
    money: Field,
    write: UsageAccountOptions<Field>['write'],
  ): UsageAccount<Field> {
    let account = accounts.get(name);
    if (account === undefined) {
      const next = () => ({ writer: this.#options.writer, number: ++this.#additionCount });
      account = new UsageAccount({ money, next, write, onError: this.#reportError });
      accounts.set(name, account);
    }
    account.usedAtMs = this.#options.now();
    return account;
  }

  readonly #reportError = (error: unknown): void => {
    const { onError, onLost } = this.#options;
    if (error instanceof AdditionRefusedError) onLost(error);
    else onError(error);
  };
}

/** The budget of a tenant, or else the configured one; `undefined`: unlimited. */
function currentBudget(ofTenant: number | undefined, configured: number | undefined): number | undefined {
  if (ofTenant === undefined) return configured;
  return ofTenant === 0 ? undefined : ofTenant;
}

/** Waits for the work, but at most `timeoutMs`; the work continues. */
async function waitAtMost(timeoutMs: number, work: Promise<void>): Promise<void> {
  const controller = new AbortController();
  const timeout = delay(timeoutMs, undefined, { signal: controller.signal }).catch(() => undefined);
  await Promise.race([work, timeout]);
  controller.abort();
}
