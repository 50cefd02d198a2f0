import { EngineReplyError, EngineUnavailableError } from '@parley/translation';
import { z } from 'zod';

/**
 * Parses a response. The parser's error is omitted, since it would quote transcript text.
 *
 * @throws EngineUnavailableError if it is not JSON, such as an error page of a proxy
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new EngineUnavailableError("the engine's reply is not JSON");
  }
}

/** Validates a response. @throws EngineReplyError naming the invalid fields */
export function parseReply<Value>(schema: z.ZodType<Value>, json: unknown): Value {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => issue.path.join('.'));
  throw new EngineReplyError(`the engine's reply has an unexpected format at: ${fields.join(', ')}`);
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

/** Whether a field has a value: `error: null`, `error: ""`, `error: {}` and `code: 0` are not errors. */
function hasContent(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== '' && value !== false && value !== 0;
}

/** Whether an object is an error without an enclosing `error`, as sent by vLLM, FastAPI and Mistral. */
function isBareError(json: unknown): boolean {
  const parsed = bareSchema.safeParse(json);
  if (!parsed.success) return false;
  const { object, type, message, detail, code, status, choices, success } = parsed.data;
  if (object === 'error' || type === 'error') return true;
  if (Array.isArray(choices) && choices.length > 0) return false;
  // An object with only a message is an error: no other response of an API has this form.
  if (success === false || (hasContent(message) && Object.keys(json as object).length === 1)) return true;
  return hasContent(detail) || (hasContent(message) && [type, code, status].some(hasContent));
}

/**
 * Finds the error in a JSON value sent with status 200, by a gateway whose server failed or by a server that failed after it
 * had begun to reply: `{ "error": ... }`, the same in a list (Gemini), or the error itself.
 *
 * @returns the value that describes the error; `undefined` if there is none
 */
export function embeddedError(json: unknown): unknown {
  const value: unknown = Array.isArray(json) ? json[0] : json;
  const { error } = wrappedSchema.safeParse(value).data ?? {};
  if (hasContent(error)) return error;
  return isBareError(value) ? value : undefined;
}
