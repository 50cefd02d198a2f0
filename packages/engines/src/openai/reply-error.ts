import { EngineUnavailableError, type EngineError } from '@parley/translation';
import { z } from 'zod';
import { embeddedError } from '../reply-json.ts';
import { readErrorBody } from './error-body.ts';
import { statusError } from './status-error.ts';

const codesSchema = z.object({
  type: z.unknown().optional(),
  code: z.unknown().optional(),
  status: z.unknown().optional(),
});

/** Codes of a rate limit, as numbers or words: `429`, `rate_limit_exceeded`, `RESOURCE_EXHAUSTED`. */
const rateLimited = /^(?:429|rate_?limit\w*|resource_exhausted|too_many_requests)$/i;

function isRateLimit(error: unknown): boolean {
  const { type, code, status } = codesSchema.safeParse(error).data ?? {};
  return [type, code, status].some((word) => rateLimited.test(String(word)));
}

/**
 * The error that a reply with the status 200 tells of. A rate limit is one whatever the status; for any other, the server
 * is not available: it had taken the request.
 *
 * @returns `undefined` where it tells of none
 */
export function replyError(json: unknown): EngineError | undefined {
  const error = embeddedError(json);
  if (error === undefined) return undefined;
  if (isRateLimit(error)) {
    return statusError({ statusCode: 429, headers: {} }, readErrorBody(JSON.stringify(json)), Date.now());
  }
  return new EngineUnavailableError('the engine answered with an error');
}
