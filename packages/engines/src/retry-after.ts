import type { IncomingHttpHeaders } from 'node:http';

const unitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

const hint = /(?:try again in|retry after)\s+((?:\d+(?:\.\d+)?\s*(?:ms|h|m|s)[a-z]*\s*)+)/i;
const parts = /(\d+(?:\.\d+)?)\s*(ms|h|m|s)/gi;

/** A duration as Go writes it (`41ms`, `1.2s`, `6m0s`) or with its units in words, in milliseconds. */
export function durationMs(text: string): number | undefined {
  const found = [...text.matchAll(parts)];
  if (found.length === 0) return undefined;
  return found.reduce(
    (sumMs, [, amount, unit]) => sumMs + Number(amount) * unitsMs[unit?.toLowerCase() as keyof typeof unitsMs],
    0,
  );
}

function fromText(message: string): number | undefined {
  const [, duration = ''] = hint.exec(message) ?? [];
  return durationMs(duration);
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

/**
 * How long an engine asks to be left alone, in milliseconds: `retry-after-ms`, then `retry-after` as seconds or as a
 * date (RFC 9110, section 10.2.3), then the text of the error ("Please try again in 41ms", "... in 1m30.5s").
 *
 * @param now the time of day, in milliseconds since 1970
 */
export function retryAfterMs(headers: IncomingHttpHeaders, message: string, now: number): number | undefined {
  return (
    fromNumber(headers['retry-after-ms'], unitsMs.ms) ??
    fromNumber(headers['retry-after'], unitsMs.s) ??
    fromDate(headers['retry-after'] ?? '', now) ??
    fromText(message)
  );
}
