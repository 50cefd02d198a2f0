import { z } from 'zod';

/** Faults without a parameter: see `POST /debug/fail` of the local engine. */
export const plainFaults = ['reset', 'hang', 'half-open', 'answer', 'wrong-length', 'broken-json'] as const;

/** A fault that the local engine injects into a request. */
export type EngineFaultEffect =
  | { readonly status: number; readonly retryAfterMs?: number | undefined }
  | { readonly reply: string }
  | { readonly slowMs: number }
  | { readonly cutAfterTokens: number }
  | { readonly effect: (typeof plainFaults)[number] };

/** A fault and the share of requests that it affects, from 0 to 1. */
export interface EngineFaultRate {
  readonly share: number;
  readonly effect: EngineFaultEffect;
}

const pattern = /^([45]\d\d|[a-z-]+)(?::(\d{1,7}))?=(\d{1,3}(?:\.\d+)?)%$/;

function effectOf(name: string, number: number | undefined): EngineFaultEffect | undefined {
  if (/^\d/.test(name)) return { status: Number(name), ...(number !== undefined && { retryAfterMs: number }) };
  if (name === 'cut') return { cutAfterTokens: number ?? 1 };
  if (name === 'slow') return number === undefined ? undefined : { slowMs: number };
  if (number !== undefined) return undefined;
  if (name === 'empty') return { reply: '' };
  const effect = plainFaults.find((word) => word === name);
  return effect && { effect };
}

const rateSchema = z.string().transform((text, context): EngineFaultRate => {
  const [, name = '', number, percent] = pattern.exec(text.trim()) ?? [];
  const effect = effectOf(name, number === undefined ? undefined : Number(number));
  if (effect !== undefined) return { effect, share: Number(percent) / 100 };
  context.addIssue({ code: 'custom', message: 'is not a fault' });
  return z.NEVER;
});

/** `EFFECT=PERCENT%` separated by commas, such as `429:2000=5%,slow:800=10%,cut=1%`; `none`: no faults. */
export const engineFaultsSchema = z
  .string()
  .transform((text) => (text === 'none' ? [] : text.split(',')))
  .pipe(
    z
      .array(rateSchema)
      .refine((rates) => rates.reduce((sum, { share }) => sum + share, 0) <= 1 + 1e-9, 'add up to more than 100%'),
  ) satisfies z.ZodType<EngineFaultRate[], string>;
