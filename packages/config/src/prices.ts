import { engineTypeOf } from '@parley/engines/types';
import { z } from 'zod';
import { jsonTextSchema } from './json-text.ts';

/** A whole of the currency for each token: beyond that it is a slip, and sums grow past what can be counted. */
const maxPerMillion = 1_000_000;
const perMillionSchema = z.number().min(0).max(maxPerMillion);
const tokenPriceSchema = z.strictObject({ inputPerMillion: perMillionSchema, outputPerMillion: perMillionSchema });
const characterPriceSchema = z.strictObject({ charactersPerMillion: perMillionSchema });

/** Whether a price has that name whose calls are charged by characters: the name of an engine's type, as these have no models. */
function isByCharacters(name: string): boolean {
  return engineTypeOf(name)?.chargedBy === 'characters';
}

/** What a million tokens cost, by the name of the model, or a million characters, by the type of the engine, as JSON. */
export const priceTableSchema = jsonTextSchema.pipe(
  z
    .record(z.string().min(1), z.union([tokenPriceSchema, characterPriceSchema]))
    .refine(
      (prices) =>
        Object.entries(prices).every(([name, price]) => isByCharacters(name) === 'charactersPerMillion' in price),
      'prices by characters are those of engine types, such as deepl, and prices by tokens those of models',
    ),
);

/** An amount of money, in millionths. */
export const moneySchema = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,6})?$/)
  .transform((text) => Math.round(Number(text) * 1_000_000))
  .pipe(z.int().positive());
