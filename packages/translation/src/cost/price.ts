import type { EngineUsage } from '../engine/engine.ts';

/** What a model costs, in whatever currency the operator counts in, for a million tokens. */
export interface ModelPrice {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
}

/** Prices by the name of the model. */
export type PriceTable = Readonly<Record<string, ModelPrice>>;

/**
 * What tokens cost, in millionths of the currency: a price for a million tokens is as many millionths for each.
 *
 * @returns a whole number that is safe to add to, rounded up, so that many small calls never cost nothing
 */
export function costMicros({ promptTokens, completionTokens }: EngineUsage, price: ModelPrice): number {
  const micros = Math.ceil(promptTokens * price.inputPerMillion + completionTokens * price.outputPerMillion);
  return Math.min(micros, Number.MAX_SAFE_INTEGER);
}
