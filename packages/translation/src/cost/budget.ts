/** How a session or a tenant stands against its budget. */
export type Standing = 'within' | 'finals-only' | 'spent';

/** From this share on, what is left is kept for finals. */
const finalsOnlyFrom = 0.8;

/**
 * What may still be done: everything, only finals once four fifths are spent, then nothing.
 *
 * @param spentMicros in millionths of the currency
 * @param budgetMicros `undefined`: without limit
 */
export function standingOf(spentMicros: number, budgetMicros: number | undefined): Standing {
  if (budgetMicros === undefined) return 'within';
  if (spentMicros >= budgetMicros) return 'spent';
  return spentMicros >= budgetMicros * finalsOnlyFrom ? 'finals-only' : 'within';
}

const order: readonly Standing[] = ['within', 'finals-only', 'spent'];

/** The one that allows less. */
export function worse(one: Standing, other: Standing): Standing {
  return order.indexOf(one) >= order.indexOf(other) ? one : other;
}
