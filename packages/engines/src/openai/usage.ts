import type { EngineUsage } from '@parley/translation';
import { z } from 'zod';

/** A token count, also as a string; `undefined` if invalid. Fractions are rounded up. */
const count = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  ]) // prettier-ignore
  .pipe(z.number().nonnegative().max(Number.MAX_SAFE_INTEGER))
  .transform((value) => Math.ceil(value))
  .optional()
  .catch(undefined);

const usageSchema = z.object({ prompt_tokens: count, completion_tokens: count, total_tokens: count });

/**
 * Reads the token usage of a call. If one count is missing, it is derived from the total.
 *
 * @returns `undefined` if the usage is not known and has to be estimated
 */
export function readUsage(json: unknown): EngineUsage | undefined {
  const parsed = usageSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = parsed.data;
  const promptTokens = prompt ?? rest(total, completion);
  const completionTokens = completion ?? rest(total, prompt);
  return promptTokens === undefined || completionTokens === undefined ? undefined : { promptTokens, completionTokens };
}

function rest(total: number | undefined, other: number | undefined): number | undefined {
  return total === undefined || other === undefined || other > total ? undefined : total - other;
}
