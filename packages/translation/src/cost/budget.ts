/** How a session or a tenant stands against its budget. */
export type BudgetStatus = 'within' | 'finals-only' | 'spent';

/** From this share on, what is left is kept for finals. */
const finalsOnlyFrom = 0.8;

/**
 * What may still be done: everything, only finals once four fifths are spent, then nothing.
 *
 * @param spentMicros in millionths of the currency
 * @param budgetMicros `undefined`: without limit
 */
export function budgetStatusOf(spentMicros: number, budgetMicros: number | undefined): BudgetStatus {
  if (budgetMicros === undefined) return 'within';
  if (spentMicros >= budgetMicros) return 'spent';
  return spentMicros >= budgetMicros * finalsOnlyFrom ? 'finals-only' : 'within';
}

const order: readonly BudgetStatus[] = ['within', 'finals-only', 'spent'];

/** The one that allows less. */
export function strictest(one: BudgetStatus, other: BudgetStatus): BudgetStatus {
  return order.indexOf(one) >= order.indexOf(other) ? one : other;
}
