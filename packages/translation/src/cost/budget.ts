/** What a session or tenant may still spend. */
export type BudgetStatus = 'within' | 'finals-only' | 'spent';

/** The share of a budget after which the rest is reserved for finals. */
const finalsOnlyFrom = 0.8;

/**
 * Returns the budget status: everything is allowed up to 80% of the budget, then only finals, then nothing.
 *
 * @param spentMicros in millionths of the currency
 * @param budgetMicros in millionths of the currency; `undefined`: unlimited
 */
export function budgetStatusOf(spentMicros: number, budgetMicros: number | undefined): BudgetStatus {
  if (budgetMicros === undefined) return 'within';
  if (spentMicros >= budgetMicros) return 'spent';
  return spentMicros >= budgetMicros * finalsOnlyFrom ? 'finals-only' : 'within';
}

const order: readonly BudgetStatus[] = ['within', 'finals-only', 'spent'];

/** Returns the status that allows less. */
export function strictest(one: BudgetStatus, other: BudgetStatus): BudgetStatus {
  return order.indexOf(one) >= order.indexOf(other) ? one : other;
}
