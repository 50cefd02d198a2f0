import type { EngineUsage } from '../engine/engine.ts';

/** Price per million tokens or characters, in the operator's currency. */
export type Price =
  { readonly inputPerMillion: number; readonly outputPerMillion: number } | { readonly charactersPerMillion: number };

/**
 * Returns the cost of a call in millionths of the currency. A price per million units is the same number of millionths
 * per unit. The result is rounded up, so that many small calls do not add up to nothing, and capped at a safe integer.
 */
export function costMicros({ promptTokens, completionTokens, characters = 0 }: EngineUsage, price: Price): number {
  const micros =
    'charactersPerMillion' in price
      ? characters * price.charactersPerMillion
      : promptTokens * price.inputPerMillion + completionTokens * price.outputPerMillion;
  return Math.min(Math.ceil(micros), Number.MAX_SAFE_INTEGER);
}
