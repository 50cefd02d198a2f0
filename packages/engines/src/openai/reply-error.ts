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

/** Rate limit codes, as numbers or strings: `429`, `rate_limit_exceeded`, `RESOURCE_EXHAUSTED`. */
const rateLimited = /^(?:429|rate_?limit\w*|resource_exhausted|too_many_requests)$/i;

function isRateLimit(error: unknown): boolean {
  const { type, code, status } = codesSchema.safeParse(error).data ?? {};
  return [type, code, status].some((word) => rateLimited.test(String(word)));
}

/**
 * Returns the error contained in a reply with status 200. Rate limits are reported as such; after any other error the
 * server counts as unavailable, since it had accepted the request.
 *
 * @returns `undefined` if the reply contains no error
 */
export function replyError(json: unknown): EngineError | undefined {
  const error = embeddedError(json);
  if (error === undefined) return undefined;
  if (isRateLimit(error)) {
    return statusError({ statusCode: 429, headers: {} }, readErrorBody(JSON.stringify(json)), Date.now());
  }
  return new EngineUnavailableError('the engine replied with an error');
}
