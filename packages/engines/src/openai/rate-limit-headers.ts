import type { IncomingHttpHeaders } from 'node:http';
import type { EngineLimit, EngineLimits } from '@parley/translation';
import { durationMs } from '../retry-after.ts';

/** A limit that is full again later than this is none of a minute (small accounts have limits a day). */
const longestResetMs = 65_000;

/**
 * What an answer's headers tell of the limits: `x-ratelimit-limit-requests`, `x-ratelimit-remaining-requests`,
 * `x-ratelimit-reset-requests` and the same for `tokens`
 * (https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers).
 *
 * @returns `undefined` where there are none
 */
export function limitsIn(headers: IncomingHttpHeaders): EngineLimits | undefined {
  const [requests, tokens] = [limitIn(headers, 'requests'), limitIn(headers, 'tokens')];
  const isTold = [requests, tokens].some((limit) => limit.perMinute !== undefined || limit.remaining !== undefined);
  return isTold ? { requests, tokens } : undefined;
}

function limitIn(headers: IncomingHttpHeaders, limited: 'requests' | 'tokens'): EngineLimit {
  const told = (what: string): string => String(headers[`x-ratelimit-${what}-${limited}`] ?? '');
  const resetMs = durationMs(told('reset'));
  if (resetMs !== undefined && resetMs > longestResetMs) return { perMinute: undefined, remaining: undefined };
  const limit = numberIn(told('limit'));
  return { perMinute: limit === 0 ? undefined : limit, remaining: numberIn(told('remaining')) };
}

function numberIn(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
