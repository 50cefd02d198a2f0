import { setTimeout as delay } from 'node:timers/promises';
import {
  standingOf,
  worse,
  type PaidCall,
  type Payer,
  type SavingCause,
  type Spending,
  type Standing,
} from '@parley/translation';
import { UsageAccount } from './usage-account.ts';
import { dayOf, type SessionUsageField, type UsageField, type UsageStore } from './usage-store.ts';

const flushEveryMs = 1000;
/** How long an end waits for the last writing: while Redis is away it would not come. */
const lastFlushMs = 2000;
/** An account that nobody asked for this long is forgotten. */
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
  readonly onError: (error: unknown) => void;
}

interface Kept<Field extends string> {
  readonly account: UsageAccount<Field>;
  readonly write: Parameters<UsageAccount<Field>['flush']>[1];
  usedAtMs: number;
}

/**
 * Counts what one process spends and saves, and writes it to Redis once a second: nobody waits for it, and a process
 * that is killed loses a second of it. The totals that come back are what all processes have spent.
 */
export class UsageLedger implements Spending, AsyncDisposable {
  readonly #options: UsageLedgerOptions;
  readonly #days = new Map<string, Kept<UsageField>>();
  readonly #sessions = new Map<string, Kept<SessionUsageField>>();
  readonly #timer: NodeJS.Timeout;
  #additions = 0;

  constructor(options: UsageLedgerOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.flush(), flushEveryMs);
    this.#timer.unref();
  }

  spent({ requests, kind, promptTokens, completionTokens, costMicros, ...payer }: PaidCall): void {
    const tokens = promptTokens + completionTokens;
    const day = this.#day(payer.tenant);
    day.add('requests', requests);
    day.add('promptTokens', promptTokens);
    day.add('completionTokens', completionTokens);
    day.add('costMicros', costMicros ?? 0);
    if (costMicros === undefined) day.add('unpricedTokens', tokens);
    const session = this.#session(payer.sessionId);
    session.add('usageCostMicros', costMicros ?? 0);
    // A final's tokens are counted together with its result.
    if (kind === 'partial') session.add('usageTokens', tokens);
  }

  saved({ tenant }: Pick<Payer, 'tenant'>, cause: SavingCause, tokens: number): void {
    this.#day(tenant).add(`savedTokens:${cause}`, tokens);
  }

  /** Time that a session was served: what costs an hour is reckoned from it. */
  served({ tenant }: Pick<Payer, 'tenant'>, durationMs: number): void {
    this.#day(tenant).add('sessionMs', Math.round(durationMs));
  }

  standing({ sessionId, tenant }: Payer): Standing {
    const { sessionBudgetMicros, tenantBudgetMicros } = this.#options;
    return worse(
      sessionBudgetMicros === undefined
        ? 'within'
        : standingOf(this.#session(sessionId).spentMicros, sessionBudgetMicros),
      tenantBudgetMicros === undefined ? 'within' : standingOf(this.#day(tenant).spentMicros, tenantBudgetMicros),
    );
  }

  /** Writes what is not written yet. Never rejects: what could not be written is written the next time. */
  async flush(): Promise<void> {
    await Promise.all([this.#flushAll(this.#days), this.#flushAll(this.#sessions)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    const written = new AbortController();
    const late = delay(lastFlushMs, undefined, { signal: written.signal }).catch(() => undefined);
    // The first one may have waited for a writing that had begun before the last call was counted.
    await Promise.race([this.flush().then(() => this.flush()), late]);
    written.abort();
  }

  async #flushAll<Field extends string>(kept: Map<string, Kept<Field>>): Promise<void> {
    const next = () => ({ writer: this.#options.writer, number: ++this.#additions });
    await Promise.all(
      [...kept].map(async ([name, { account, write, usedAtMs }]) => {
        if (account.isSettled && this.#options.now() - usedAtMs > idleMs) {
          kept.delete(name);
          return;
        }
        if (account.isSettled && !this.#hasBudgets) return;
        await account.flush(next, write).catch(this.#options.onError);
      }),
    );
  }

  /** Without budgets, nobody needs to know what others spend. */
  get #hasBudgets(): boolean {
    return this.#options.sessionBudgetMicros !== undefined || this.#options.tenantBudgetMicros !== undefined;
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
    accounts: Map<string, Kept<Field>>,
    name: string,
    money: Field,
    write: Kept<Field>['write'],
  ): UsageAccount<Field> {
    const kept = accounts.get(name) ?? { account: new UsageAccount(money), write, usedAtMs: 0 };
    kept.usedAtMs = this.#options.now();
    accounts.set(name, kept);
    return kept.account;
  }
}
