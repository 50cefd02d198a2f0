import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import {
  budgetStatusOf,
  strictest,
  type PaidCall,
  type Account,
  type SavingCause,
  type Spending,
  type BudgetStatus,
} from '@parley/translation';
import { AdditionRefusedError } from './addition-refused-error.ts';
import type { SessionEndListener } from './session-ends.ts';
import { UsageAccount, type UsageAccountOptions } from './usage-account.ts';
import { dayOf, type SessionUsageField, type UsageField, type UsageStore } from './usage-store.ts';

const roundMs = 1000;
/** Without a session budget a session's usage is only read at its end, so it is written in every tenth round. */
const roundsPerSessionWrite = 10;
/** How long the last write may take when the ledger is closed: while Redis is away it would never finish. */
const lastWriteMs = 2000;
/** How long a final of an ending session may be held up by the write of the session's usage. */
const sessionWriteMs = 250;
/** An account that was not used for this long is removed. */
const idleMs = 10 * 60_000;

export interface UsageLedgerOptions {
  readonly store: UsageStore;
  /** Names this ledger; no other may have the name. */
  readonly writer: string;
  /** Of one session, in millionths of the price table's currency; `undefined`: without limit. */
  readonly sessionBudgetMicros: number | undefined;
  /** Of one tenant in one day (UTC). */
  readonly tenantBudgetMicros: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Hears why something could not be written; it is tried again. */
  readonly onError: (error: unknown) => void;
  /** Hears of what can't be counted, and is lost. */
  readonly onLost: (error: AdditionRefusedError) => void;
}

/**
 * Adds up what one process or thread spends and saves, and writes the sums to Redis: those of a tenant's day once a
 * second, those of a session every ten seconds (every second with a session budget), and from the moment the session ends
 * at once, because `session.ended` tells them. A killed process loses what it has not written.
 */
export class UsageLedger implements Spending, SessionEndListener, AsyncDisposable {
  readonly #options: UsageLedgerOptions;
  readonly #days = new Map<string, UsageAccount<UsageField>>();
  readonly #sessions = new Map<string, UsageAccount<SessionUsageField>>();
  readonly #timer: NodeJS.Timeout;
  #rounds = 0;
  #additions = 0;

  constructor(options: UsageLedgerOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#round(), roundMs);
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

  /** Time that a session was served: what costs an hour is reckoned from it. */
  served({ tenant }: Pick<Account, 'tenant'>, durationMs: number): void {
    this.#day(tenant).add({ sessionMs: Math.round(durationMs) });
  }

  budgetStatus({ sessionId, tenant }: Account): BudgetStatus {
    const { sessionBudgetMicros, tenantBudgetMicros } = this.#options;
    return strictest(
      sessionBudgetMicros === undefined
        ? 'within'
        : budgetStatusOf(this.#session(sessionId).spentMicros, sessionBudgetMicros),
      tenantBudgetMicros === undefined ? 'within' : budgetStatusOf(this.#day(tenant).spentMicros, tenantBudgetMicros),
    );
  }

  /** From now on, what the session spends is written at once. */
  onEnding(sessionId: string): void {
    const session = this.#session(sessionId);
    session.isUrgent = true;
    void session.write();
  }

  onMissed(): void {
    for (const session of this.#sessions.values()) void session.write();
  }

  /**
   * Resolves once everything is written that an ending session has spent so far, or after a quarter of a second: the rest is
   * written later. Resolves at once where the session isn't known to end. Never rejects.
   */
  async sessionWritten(sessionId: string): Promise<void> {
    const session = this.#sessions.get(sessionId);
    if (session?.isUrgent !== true) return;
    // A call that was aborted just now is counted in the next turn of the event loop.
    await nextTurn();
    await atMost(sessionWriteMs, session.write());
  }

  /**
   * Writes everything that is owed and, where there are budgets, learns what other processes have spent. Never rejects:
   * after a failure the rest is written the next time.
   */
  async flush(): Promise<void> {
    await Promise.all([this.#writeDays(), this.#writeSessions()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    // A write that had begun before may fail; the second flush sends it again.
    await atMost(
      lastWriteMs,
      this.flush().then(() => this.flush()),
    );
  }

  #round(): void {
    this.#rounds += 1;
    void this.#writeDays();
    const hasBudget = this.#options.sessionBudgetMicros !== undefined;
    if (hasBudget || this.#rounds % roundsPerSessionWrite === 0) void this.#writeSessions();
  }

  #writeDays(): Promise<void> {
    return this.#writeAll(this.#days, { refresh: this.#options.tenantBudgetMicros !== undefined });
  }

  #writeSessions(): Promise<void> {
    return this.#writeAll(this.#sessions, { refresh: this.#options.sessionBudgetMicros !== undefined });
  }

  /** All in one turn of the event loop, so that they share a round trip. */
  async #writeAll<Field extends string>(
    accounts: Map<string, UsageAccount<Field>>,
    how: { readonly refresh: boolean },
  ): Promise<void> {
    const idleSinceMs = this.#options.now() - idleMs;
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
      const next = () => ({ writer: this.#options.writer, number: ++this.#additions });
      account = new UsageAccount({ money, next, write, onError: this.#failed });
      accounts.set(name, account);
    }
    account.usedAtMs = this.#options.now();
    return account;
  }

  readonly #failed = (error: unknown): void => {
    const { onError, onLost } = this.#options;
    if (error instanceof AdditionRefusedError) onLost(error);
    else onError(error);
  };
}

/** Waits for the work no longer than that; it goes on. */
async function atMost(waitMs: number, work: Promise<void>): Promise<void> {
  const over = new AbortController();
  const late = delay(waitMs, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([work, late]);
  over.abort();
}
