import type { EngineError } from '@parley/translation';
import { z } from 'zod';
import type { HttpResponse } from '../pool/connection-pool.ts';
import { retryAfterMs } from '../retry-after.ts';
import { statusErrorOf } from '../status-error.ts';

const errorSchema = z.object({ error: z.string() });

const pairUnsupported = /is not (?:supported|available as a target language)/;

function messageOf(text: string): string {
  try {
    return errorSchema.parse(JSON.parse(text)).error;
  } catch {
    return '';
  }
}

/** Returns the error of a response that is not 2xx. A 403 is an invalid key or a ban. */
export function statusError(
  { statusCode, headers }: Pick<HttpResponse, 'statusCode' | 'headers'>,
  text: string,
  now: number,
): EngineError {
  const message = messageOf(text);
  return statusErrorOf({
    statusCode,
    message,
    retryAfterMs: retryAfterMs(headers, message, now),
    isRateLimit: statusCode === 429,
    pairUnsupported,
  });
}
