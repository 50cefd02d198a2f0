import type { TranslationRequest } from '../engine/engine.ts';
import type { BudgetStatus } from './budget.ts';

/** Whose money a call spends. */
export interface Account {
  readonly sessionId: string;
  readonly tenant: string;
}

/** Who pays for a request; `undefined` where it names nobody. */
export function accountOf({ session, tenant }: Pick<TranslationRequest, 'session' | 'tenant'>): Account | undefined {
  return session === undefined || tenant === undefined ? undefined : { sessionId: session, tenant };
}

/** One call of an engine. */
export interface PaidCall extends Account {
  /** 1, or 0 for what shares the request of another. */
  readonly requests: 0 | 1;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** In millionths of the currency; `undefined` where the model has no price. */
  readonly costMicros: number | undefined;
}

/** Why no call was needed: its result was cached, or that of another call; a newer revision came first; nothing was new. */
export type SavingCause = 'cached' | 'joined' | 'superseded' | 'nothing-new';

/** Counts what is spent and what is saved, by tenant and session. Nothing of it waits. */
export interface Spending {
  spent(call: PaidCall): void;
  /** @param tokens the estimate of what the call would have taken */
  saved(account: Pick<Account, 'tenant'>, cause: SavingCause, tokens: number): void;
  /** How the payer stands, as far as is known here: what other processes spend is known a second later. */
  budgetStatus(account: Account): BudgetStatus;
}
