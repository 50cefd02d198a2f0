import type { IncomingHttpHeaders } from 'node:http';
import type { EngineLimit, EngineLimits } from '@parley/translation';
import { durationMs } from '../retry-after.ts';

/** Limits with a longer reset time are not per minute; small accounts have daily limits. */
const longestResetMs = 65_000;

/**
 * Reads the rate limits from response headers: `x-ratelimit-limit-requests`, `x-ratelimit-remaining-requests`,
 * `x-ratelimit-reset-requests`, and the same for `tokens`
 * (https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers).
 *
 * @returns `undefined` if there are none
 */
export function limitsIn(headers: IncomingHttpHeaders): EngineLimits | undefined {
  const [requests, tokens] = [limitIn(headers, 'requests'), limitIn(headers, 'tokens')];
  const hasLimit = [requests, tokens].some((limit) => limit.perMinute !== undefined || limit.remaining !== undefined);
  return hasLimit ? { requests, tokens } : undefined;
}

function limitIn(headers: IncomingHttpHeaders, limited: 'requests' | 'tokens'): EngineLimit {
  const header = (what: string): string => String(headers[`x-ratelimit-${what}-${limited}`] ?? '');
  const resetMs = durationMs(header('reset'));
  if (resetMs !== undefined && resetMs > longestResetMs) return { perMinute: undefined, remaining: undefined };
  const limit = numberIn(header('limit'));
  return { perMinute: limit === 0 ? undefined : limit, remaining: numberIn(header('remaining')) };
}

function numberIn(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
