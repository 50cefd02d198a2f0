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

/** A duration as Go writes it (`41ms`, `1.2s`, `6m0s`, also `1d2h`), in milliseconds. */
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
 * The three forms of an HTTP date (RFC 9110, section 5.6.7), as in `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94
 * 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`. `Date.parse` alone finds a date in `-5` as well.
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
  // The last form tells no zone, and is in UTC all the same.
  const date = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Numbers above these are moments since 1970, in milliseconds and in seconds; below them, seconds from now. */
const [leastEpochMs, leastEpochSeconds] = [1e12, 1e9];

/**
 * When a limit is new again: a duration (`6m0s`, OpenAI and Groq), a number of seconds (Azure, the IETF's draft), or a moment
 * in seconds or milliseconds since 1970 (OpenRouter and others), in milliseconds from now.
 */
export function resetMs(value: string, now: number): number | undefined {
  const number = fromNumber(value, 1);
  if (number === undefined) return durationMs(value);
  if (number >= leastEpochMs) return Math.max(0, number - now);
  return number >= leastEpochSeconds ? Math.max(0, number * 1000 - now) : number * 1000;
}

const resetHeader = /^(?:x-)?ratelimit-reset(.*)$/;

/**
 * From `x-ratelimit-reset-requests`, `x-ratelimit-reset-tokens`, `x-ratelimit-reset` and the like: the latest of those of
 * which `x-ratelimit-remaining-...` says that nothing is left, else one that has no such header beside it.
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

/** What the body of an answer says of the wait besides its message. */
export interface RetryHints {
  /** A duration of its own, such as Google's `retryDelay`. */
  readonly retryDelay?: string | undefined;
  /** The value of an `x-ratelimit-reset` that a gateway quotes. */
  readonly rateLimitReset?: string | undefined;
}

/**
 * How long an engine asks to be left alone, in milliseconds: `retry-after-ms`, then `retry-after` as seconds or as a
 * date (RFC 9110, section 10.2.3), then the text of the error ("Please try again in 41ms", "... in 1m30.5s") or a delay that
 * stands in its body by itself, and last the headers that say when a limit is new again.
 *
 * @param now the time of day, in milliseconds since 1970
 * @returns `undefined` where nothing tells it
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

/** Of one wait that is said twice, once rounded, the longer one is safe. */
function longer(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}
