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

function fromDate(value: string | undefined, now: number): number | undefined {
  const date = Date.parse(value ?? '');
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
    fromDate(headers['retry-after'], now) ??
    fromText(message)
  );
}
