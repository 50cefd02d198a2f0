import { z } from 'zod';

const bareSchema = z.object({
  object: z.unknown().optional(),
  type: z.unknown().optional(),
  message: z.unknown().optional(),
  detail: z.unknown().optional(),
  code: z.unknown().optional(),
  status: z.unknown().optional(),
  choices: z.unknown().optional(),
  success: z.unknown().optional(),
});
const wrappedSchema = z.object({ error: z.unknown().optional() });

/** Whether a field says something: `error: null`, `error: ""` and `error: {}` are no errors, nor is `code: 0`. */
function isTold(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== '' && value !== false && value !== 0;
}

/** Whether an object is an error without `error` around it, as vLLM, FastAPI and Mistral send them. */
function isBareError(json: unknown): boolean {
  const parsed = bareSchema.safeParse(json);
  if (!parsed.success) return false;
  const { object, type, message, detail, code, status, choices, success } = parsed.data;
  if (object === 'error' || type === 'error') return true;
  if (Array.isArray(choices) && choices.length > 0) return false;
  // A message alone says what went wrong: nothing else of an API consists of one.
  if (success === false || (isTold(message) && Object.keys(json as object).length === 1)) return true;
  return isTold(detail) || (isTold(message) && [type, code, status].some(isTold));
}

/**
 * The error that a JSON value with the status 200 tells of: a gateway's, whose server failed behind it, or that of a server
 * that failed after it had begun to answer. `{ "error": ... }`, the same in a list (Gemini), or the error itself.
 *
 * @returns what describes it; `undefined` where it tells of none
 */
export function toldError(json: unknown): unknown {
  const told: unknown = Array.isArray(json) ? json[0] : json;
  const { error } = wrappedSchema.safeParse(told).data ?? {};
  if (isTold(error)) return error;
  return isBareError(told) ? told : undefined;
}
