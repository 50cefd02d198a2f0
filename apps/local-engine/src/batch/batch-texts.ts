import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { BatchFormat } from './response-format.ts';

const textsSchema = z.array(z.string()).min(1);

/**
 * Parses the texts of a batch from its user message, a JSON array of strings.
 *
 * @throws ApiError with status 400 if the message is invalid, or the schema doesn't allow as many translations
 */
export function batchTexts(message: string, { minItems, maxItems }: BatchFormat): readonly string[] {
  const parsed = textsSchema.safeParse(jsonIn(message));
  if (!parsed.success) {
    throw new ApiError(400, "'messages': with a JSON schema, the user message must be a JSON array of strings", {
      param: 'messages',
      code: 'invalid_value',
    });
  }
  const { length } = parsed.data;
  if (length >= minItems && length <= maxItems) return parsed.data;
  throw new ApiError(400, `'response_format': the schema's minItems and maxItems don't allow ${length} translations`, {
    param: 'response_format',
    code: 'invalid_value',
  });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
