import { z } from 'zod';
import { jsonTextSchema } from './json-text.ts';

/** A whole of the currency for each token: beyond that it is a slip, and sums grow past what can be counted. */
const maxPerMillion = 1_000_000;
const perMillionSchema = z.number().min(0).max(maxPerMillion);
const priceSchema = z.strictObject({ inputPerMillion: perMillionSchema, outputPerMillion: perMillionSchema });

/** What a million tokens cost, by the name of the model, as JSON. */
export const priceTableSchema = jsonTextSchema.pipe(z.record(z.string().min(1), priceSchema));

/** An amount of money, in millionths. */
export const moneySchema = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,6})?$/)
  .transform((text) => Math.round(Number(text) * 1_000_000))
  .pipe(z.int().positive());
