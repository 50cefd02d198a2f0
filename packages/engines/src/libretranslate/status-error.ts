import type { IncomingHttpHeaders } from 'node:http';
import {
  EngineRateLimitedError,
  EngineRejectedError,
  EngineUnavailableError,
  LanguagePairUnsupportedError,
  type EngineError,
} from '@parley/translation';
import { z } from 'zod';
import { retryAfterMs } from '../retry-after.ts';

const errorSchema = z.object({ error: z.string() });

/** The server has no code for it; its English words are all that tells this 400 from any other. */
const pairUnsupported = /is not (?:supported|available as a target language)/;

function messageOf(text: string): string {
  try {
    return errorSchema.parse(JSON.parse(text)).error;
  } catch {
    return '';
  }
}

/** The error of an answer that isn't 2xx: a 403 is a bad key or a ban. The server's message stays out of it. */
export function statusError(
  { statusCode, headers }: { readonly statusCode: number; readonly headers: IncomingHttpHeaders },
  text: string,
  now: number,
): EngineError {
  const message = messageOf(text);
  const waitMs = retryAfterMs(headers, message, now);
  if (statusCode === 429) {
    return new EngineRateLimitedError('the engine limits the rate of requests: status 429', waitMs);
  }
  if (statusCode >= 500 || statusCode === 408) {
    const what = `the engine is not available: status ${statusCode}`;
    return new EngineUnavailableError(what, { retryAfterMs: waitMs });
  }
  if (statusCode === 400 && pairUnsupported.test(message)) {
    return new LanguagePairUnsupportedError("the engine doesn't translate between these languages");
  }
  return new EngineRejectedError(`the engine refused the request: status ${statusCode}`);
}
