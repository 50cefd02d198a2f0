import { plainFaults } from '@parley/config';
import { languageTagSchema } from '@parley/protocol';
import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { LimitSettings } from '../rate-limit/rate-limiter.ts';

export const holdSchema = z.strictObject({ on: z.boolean() });

export const heldSchema = z.object({
  atLeast: z.coerce.number().int().min(0).default(0),
  timeoutMs: z.coerce.number().int().min(1).max(60_000).default(5000),
});

export const releaseSchema = z.union(
  [
    z.strictObject({ ids: z.array(z.string()) }),
    z.strictObject({ all: z.literal(true) }),
    z.strictObject({ order: z.enum(['arrival', 'reverse']) }),
  ],
  'needs one of {"ids": [...]}, {"all": true}, {"order": "arrival"} and {"order": "reverse"}',
);

const selectorSchema = {
  text: z.string().optional(),
  target: languageTagSchema.optional(),
  times: z.int().positive().optional(),
  share: z.number().gt(0).max(1).optional(),
};

export const failSchema = z.union(
  [
    z.strictObject({
      ...selectorSchema,
      status: z.int().min(400).max(599),
      retryAfterMs: z.int().nonnegative().optional(),
    }),
    z.strictObject({ ...selectorSchema, reply: z.string() }),
    z.strictObject({ ...selectorSchema, slowMs: z.int().positive() }),
    z.strictObject({ ...selectorSchema, cutAfterTokens: z.int().nonnegative() }),
    z.strictObject({ ...selectorSchema, effect: z.enum(plainFaults) }),
  ],
  `needs one of "status" (400 to 599), "reply", "slowMs", "cutAfterTokens" and "effect" (${plainFaults.join(', ')}), besides "text", "target", "times" and "share"`,
);

const limitPerWindow = z.int().positive().nullable().optional();

export const limitSchema = z.strictObject({
  rpm: limitPerWindow,
  tpm: limitPerWindow,
  limiter: z.enum(['bucket', 'sliding']).optional(),
  windowMs: z.int().min(10).max(3_600_000).optional(),
  burstMs: z.int().positive().optional(),
  retryHint: z.enum(['both', 'seconds', 'milliseconds', 'text']).optional(),
});

/**
 * Parses a command.
 *
 * @throws ApiError with status 400 that names every invalid field
 */
export function parse<Value>(schema: z.ZodType<Value>, input: unknown): Value {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ApiError(400, z.prettifyError(parsed.error));
}

/** Merges changes into the settings: `null` removes a limit, `undefined` keeps a setting. */
export function changedLimits(settings: LimitSettings, changes: z.infer<typeof limitSchema>): LimitSettings {
  const { rpm = settings.rpm, tpm = settings.tpm } = changes;
  return {
    rpm: rpm ?? undefined,
    tpm: tpm ?? undefined,
    burstMs: changes.burstMs ?? settings.burstMs,
    limiter: changes.limiter ?? settings.limiter,
    windowMs: changes.windowMs ?? settings.windowMs,
    retryHint: changes.retryHint ?? settings.retryHint,
  };
}
