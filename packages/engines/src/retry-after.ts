import type { IncomingHttpHeaders } from 'node:http';

const unitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const unit = String.raw`(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)(?![a-z])`;
const amount = String.raw`\d{1,12}(?:\.\d{1,12})?`;
const duration = new RegExp(String.raw`^(?:${amount}\s*(?:ms|[smhd])\s*)+$`, 'i');
/** "Please try again in 6m0s", "Please retry in 9.5s", "retry after 20 seconds", "wait 1 minute and 5 seconds". */
const hint = new RegExp(
  String.raw`\b(?:(?:try|retry|retrying|again|wait|available|resets?)(?:\s+\w+){0,3}?\s+(?:in|after|for)|wait)\s+(?:about\s+|at\s+least\s+|another\s+)?((?:${amount}\s*${unit}[\s,]*(?:and\s+)?)+)`,
  'i',
);
const parts = new RegExp(String.raw`(${amount})\s*(ms|millisecond|[smhd])`, 'gi');

function sumMs(text: string): number | undefined {
  const found = [...text.matchAll(parts)];
  if (found.length === 0) return undefined;
  return found.reduce((sum, [, number, name = '']) => {
    const key = name.toLowerCase();
    return sum + Number(number) * (key.startsWith('milli') ? 1 : unitsMs[key as keyof typeof unitsMs]);
  }, 0);
}

/** Parses a duration in Go's format (`41ms`, `1.2s`, `6m0s`, also `1d2h`) to milliseconds. */
export function durationMs(text: string): number | undefined {
  return duration.test(text.trim()) ? sumMs(text) : undefined;
}

function fromText(message: string): number | undefined {
  const [, found = ''] = hint.exec(message) ?? [];
  return sumMs(found);
}

function fromNumber(value: string | string[] | undefined, unitMs: number): number | undefined {
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) * unitMs : undefined;
}

const timeOfDay = String.raw`\d{2}:\d{2}:\d{2}`;
/**
 * The three HTTP date formats (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and
 * `Sun Nov  6 08:49:37 1994`. `Date.parse` alone would also accept `-5`.
 */
const httpDate = new RegExp(
  [
    String.raw`[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} ${timeOfDay} GMT`,
    String.raw`[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} ${timeOfDay} GMT`,
    String.raw`[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d ${timeOfDay} \d{4}`,
  ]
    .map((form) => `^${form}$`)
    .join('|'),
);

function fromDate(value: string, now: number): number | undefined {
  if (!httpDate.test(value)) return undefined;
  // The last format has no time zone but is in UTC as well.
  const date = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Numbers from these on are milliseconds or seconds since 1970; smaller ones are seconds from now. */
const [leastEpochMs, leastEpochSeconds] = [1e12, 1e9];

/**
 * Parses the time at which a limit resets, in milliseconds from now: a duration (`6m0s`, OpenAI and Groq), a number of seconds
 * (Azure, the IETF draft), or seconds or milliseconds since 1970 (OpenRouter and others).
 */
export function resetMs(value: string, now: number): number | undefined {
  const number = fromNumber(value, 1);
  if (number === undefined) return durationMs(value);
  if (number >= leastEpochMs) return Math.max(0, number - now);
  return number >= leastEpochSeconds ? Math.max(0, number * 1000 - now) : number * 1000;
}

const resetHeader = /^(?:x-)?ratelimit-reset(.*)$/;

/**
 * Returns the longest of `x-ratelimit-reset-requests`, `x-ratelimit-reset-tokens`, `x-ratelimit-reset` and the like for which
 * `x-ratelimit-remaining-...` is 0 or missing.
 */
function fromResets(headers: IncomingHttpHeaders, now: number): number | undefined {
  const waits = Object.entries(headers).flatMap(([name, value]) => {
    const [, limited] = resetHeader.exec(name) ?? [];
    const inMs = limited === undefined ? undefined : resetMs(String(value), now);
    if (inMs === undefined) return [];
    const remaining = headers[name.replace('-reset', '-remaining')];
    return remaining === undefined || Number(remaining) === 0 ? [inMs] : [];
  });
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** Retry delays found in the response body besides the message. */
export interface RetryHints {
  /** A duration, such as Google's `retryDelay`. */
  readonly retryDelay?: string | undefined;
  /** An `x-ratelimit-reset` header quoted by a gateway. */
  readonly rateLimitReset?: string | undefined;
}

/**
 * Returns the requested retry delay in milliseconds, from: `retry-after-ms`; `retry-after` in seconds or as a date (RFC
 * 9110, section 10.2.3); the error message ("Please try again in 41ms", "... in 1m30.5s") or a delay in the body; the headers
 * with the reset time of a limit.
 *
 * @param now wall-clock time in milliseconds since 1970
 * @returns `undefined` if there is none
 */
export function retryAfterMs(
  headers: IncomingHttpHeaders,
  message: string,
  now: number,
  { retryDelay = '', rateLimitReset = '' }: RetryHints = {},
): number | undefined {
  return (
    fromNumber(headers['retry-after-ms'], unitsMs.ms) ??
    fromNumber(headers['retry-after'], unitsMs.s) ??
    fromDate(headers['retry-after'] ?? '', now) ??
    longer(fromText(message), durationMs(retryDelay)) ??
    fromResets(headers, now) ??
    resetMs(rateLimitReset, now)
  );
}

/** Returns the longer of two delays; one of them may be rounded. */
function longer(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}
