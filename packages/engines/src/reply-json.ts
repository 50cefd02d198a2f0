import { EngineReplyError, EngineUnavailableError } from '@parley/translation';
import type { z } from 'zod';

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
