import { z } from 'zod';
import { jsonTextSchema } from './json-text.ts';

const priceSchema = z.strictObject({ inputPerMillion: z.number().min(0), outputPerMillion: z.number().min(0) });

/** What a million tokens cost, by the name of the model, as JSON. */
export const priceTableSchema = jsonTextSchema.pipe(z.record(z.string().min(1), priceSchema));

/** An amount of money, in millionths. */
export const moneySchema = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,6})?$/)
  .transform((text) => Math.round(Number(text) * 1_000_000))
  .pipe(z.int().positive());
