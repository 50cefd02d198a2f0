import { z } from 'zod';

export const maxPort = 65_535;

export const portNumber = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.int().max(maxPort));

/** Requests or tokens per minute. */
export const limitPerMinute = z
  .string()
  .regex(/^[1-9]\d{0,8}$/)
  .transform(Number);

/** A fraction from 0 to 0.9. */
export const share = z
  .string()
  .regex(/^0(\.\d{1,4})?$/)
  .transform(Number)
  .pipe(z.number().max(0.9));

/** Parses the JSON text of a variable. */
export const jsonTextSchema = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});
