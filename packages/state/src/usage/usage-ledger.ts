import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import {
  standingOf,
  worse,
  type PaidCall,
  type Payer,
  type SavingCause,
  type Spending,
  type Standing,
} from '@parley/translation';
import { AdditionRefusedError } from './addition-refused-error.ts';
import { UsageAccount } from './usage-account.ts';
import { dayOf, type Addition, type SessionUsageField, type UsageField, type UsageStore } from './usage-store.ts';

const flushEveryMs = 1000;
/** How long an end waits for the last writing: while Redis is away it would not come. */
const lastFlushMs = 2000;
/** The same of a final's commit for what was spent on its session. */
const sessionFlushMs = 250;
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
  /** Hears why something could not be written; it is tried again. */
  readonly onError: (error: unknown) => void;
  /** Hears of what can't be counted, and is lost. */
  readonly onLost: (error: AdditionRefusedError) => void;
}

interface Kept<Field extends string> {
  readonly account: UsageAccount<Field>;
  readonly write: Parameters<UsageAccount<Field>['flush']>[1];
  usedAtMs: number;
  /** Until all of it is written, or Redis has failed. */
  writing?: Promise<void> | undefined;
}

/**
 * Counts what one process spends and saves. What a session spends is written to Redis at once, for its end tells the
 * sum; what a tenant spends in a day once a second: nobody waits for that, and a process that is killed loses a second of
 * it. The totals that come back are what all processes have spent.
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

  spent({ requests, promptTokens, completionTokens, costMicros, ...payer }: PaidCall): void {
    const tokens = promptTokens + completionTokens;
    const day = this.#day(payer.tenant);
    day.add('requests', requests);
    day.add('promptTokens', promptTokens);
    day.add('completionTokens', completionTokens);
    day.add('costMicros', costMicros ?? 0);
    if (costMicros === undefined) day.add('unpricedTokens', tokens);
    const session = this.#session(payer.sessionId);
    session.add('usageCostMicros', costMicros ?? 0);
    session.add('usageTokens', tokens);
    const kept = this.#sessions.get(payer.sessionId);
    if (kept !== undefined) void this.#write(kept);
  }

  /**
   * Resolves once all is written that the session has spent so far, or after a quarter of a second: then it is written
   * later. Never rejects.
   */
  async sessionWritten(sessionId: string): Promise<void> {
    // A call that was just aborted is counted when it has heard of that.
    await nextTurn();
    const kept = this.#sessions.get(sessionId);
    if (kept !== undefined && !kept.account.isSettled) await atMost(sessionFlushMs, this.#write(kept));
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
    // The first one may have waited for a writing that had begun before the last call was counted.
    await atMost(
      lastFlushMs,
      this.flush().then(() => this.flush()),
    );
  }

  #write<Field extends string>(kept: Kept<Field>): Promise<void> {
    const { account, write } = kept;
    const writeAll = async (): Promise<void> => {
      while (!account.isSettled) await account.flush(this.#next, write);
    };
    // What fails is written with the next round.
    return (kept.writing ??= writeAll()
      .catch(this.#failed)
      .finally(() => (kept.writing = undefined)));
  }

  readonly #failed = (error: unknown): void => {
    const { onError, onLost } = this.#options;
    if (error instanceof AdditionRefusedError) onLost(error);
    else onError(error);
  };

  readonly #next = (): Pick<Addition<string>, 'writer' | 'number'> => ({
    writer: this.#options.writer,
    number: ++this.#additions,
  });

  async #flushAll<Field extends string>(kept: Map<string, Kept<Field>>): Promise<void> {
    await Promise.all(
      [...kept].map(async ([name, one]) => {
        const { account, write, usedAtMs } = one;
        if (account.isSettled && this.#options.now() - usedAtMs > idleMs) {
          kept.delete(name);
          return;
        }
        if (!account.isSettled) await this.#write(one);
        else if (this.#hasBudgets) await account.flush(this.#next, write).catch(this.#failed);
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

/** Waits for the work no longer than that; it goes on. */
async function atMost(waitMs: number, work: Promise<void>): Promise<void> {
  const over = new AbortController();
  const late = delay(waitMs, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([work, late]);
  over.abort();
}
