import type { TranslationRequest } from '../engine/engine.ts';
import type { BudgetStatus } from './budget.ts';

/** The session and tenant that a call is charged to. */
export interface Account {
  readonly sessionId: string;
  readonly tenant: string;
}

/** Returns the account of a request; `undefined` if it names no session or tenant. */
export function accountOf({ session, tenant }: Pick<TranslationRequest, 'session' | 'tenant'>): Account | undefined {
  return session === undefined || tenant === undefined ? undefined : { sessionId: session, tenant };
}

/** A billed engine call. */
export interface PaidCall extends Account {
  /** 1, or 0 if the text shared another text's request. */
  readonly requests: 0 | 1;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** In millionths of the currency; `undefined` if the model has no configured price. */
  readonly costMicros: number | undefined;
}

/** Why no call was needed: cached, joined to another call, superseded by a newer revision, or nothing new in the text. */
export type SavingCause = 'cached' | 'joined' | 'superseded' | 'nothing-new';

/** Records what is spent and saved, by tenant and session. Recording does not block. */
export interface Spending {
  spent(call: PaidCall): void;
  /** @param tokens estimated tokens of the call that was not made */
  saved(account: Pick<Account, 'tenant'>, cause: SavingCause, tokens: number): void;
  /** The account's budget status as known to this process; spending by other processes arrives about a second later. */
  budgetStatus(account: Account): BudgetStatus;
}
