import type { EngineUsage } from '../engine/engine.ts';

/** What an engine costs, in whatever currency the operator counts in, for a million tokens or characters. */
export type Price =
  { readonly inputPerMillion: number; readonly outputPerMillion: number } | { readonly charactersPerMillion: number };

/**
 * What a call costs, in millionths of the currency: a price for a million is as many millionths for each.
 *
 * @returns a whole number that is safe to add to, rounded up, so that many small calls never cost nothing
 */
export function costMicros({ promptTokens, completionTokens, characters = 0 }: EngineUsage, price: Price): number {
  const micros =
    'charactersPerMillion' in price
      ? characters * price.charactersPerMillion
      : promptTokens * price.inputPerMillion + completionTokens * price.outputPerMillion;
  return Math.min(Math.ceil(micros), Number.MAX_SAFE_INTEGER);
}
