import { typesChargedByCharacters } from '@parley/engines/types';
import { z } from 'zod';
import { jsonTextSchema } from './value-schemas.ts';

/** One currency unit per token. A higher price is a typing error and could overflow 64-bit counters. */
const maxPerMillion = 1_000_000;
const perMillionSchema = z.number().min(0).max(maxPerMillion);
const tokenPriceSchema = z.strictObject({ inputPerMillion: perMillionSchema, outputPerMillion: perMillionSchema });
const characterPriceSchema = z.strictObject({ charactersPerMillion: perMillionSchema });

/** A JSON object: the price of a million tokens by model name, or of a million characters by engine type. */
export const priceTableSchema = jsonTextSchema.pipe(
  z
    .record(z.string().min(1), z.union([tokenPriceSchema, characterPriceSchema]))
    .refine(
      (prices) =>
        Object.entries(prices).every(
          ([name, price]) => typesChargedByCharacters.includes(name) === 'charactersPerMillion' in price,
        ),
      'prices by characters are those of engine types, such as deepl, and prices by tokens those of models',
    ),
);

/** An amount of money, parsed into millionths of the currency. */
export const moneySchema = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,6})?$/)
  .transform((text) => Math.round(Number(text) * 1_000_000))
  .pipe(z.int().positive());
