import { EngineReplyError, EngineUnavailableError } from '@parley/translation';
import { z } from 'zod';

/**
 * Parses what an API sends, and leaves the parser's error out: it would quote what was said.
 *
 * @throws EngineUnavailableError where it is no JSON: a proxy's page, or a broken server's
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new EngineUnavailableError("the engine's reply is not JSON");
  }
}

/** Parses one JSON object of a reply. */
export function parseReply<Value>(schema: z.ZodType<Value>, json: unknown): Value {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => issue.path.join('.'));
  throw new EngineReplyError(`the engine's reply has an unexpected form at: ${fields.join(', ')}`);
}

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

/** Whether a field holds anything: `error: null`, `error: ""` and `error: {}` are no errors, nor is `code: 0`. */
function hasContent(value: unknown): boolean {
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
  if (success === false || (hasContent(message) && Object.keys(json as object).length === 1)) return true;
  return hasContent(detail) || (hasContent(message) && [type, code, status].some(hasContent));
}

/**
 * Finds the error in a JSON value that came with the status 200: from a gateway whose server failed behind it, or from a server
 * that failed after it had begun to answer. Forms: `{ "error": ... }`, the same in a list (Gemini), or the error itself.
 *
 * @returns what describes it; `undefined` where there is none
 */
export function embeddedError(json: unknown): unknown {
  const value: unknown = Array.isArray(json) ? json[0] : json;
  const { error } = wrappedSchema.safeParse(value).data ?? {};
  if (hasContent(error)) return error;
  return isBareError(value) ? value : undefined;
}
