import { isCertificateCode, redisErrorCode } from './redis-error.ts';

/** An outage repeats the same line for every session and attempt. */
const intervalMs = 60_000;
/** A bound for memory; messages are constant, so there are far fewer. */
const maxLines = 1000;

interface Line {
  readonly untilMs: number;
  suppressed: number;
}

/**
 * Limits log lines about Redis and connection errors to one a minute for each message and error code, and counts the
 * suppressed ones. Other lines always pass.
 */
export class RepeatGate {
  readonly #now: () => number;
  readonly #lines = new Map<string, Line>();

  /** @param now returns milliseconds of a monotonic clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns the number of equal lines suppressed before this one; `undefined` if this one must be suppressed */
  admit(error: unknown, message: string): number | undefined {
    const code = redisErrorCode(error) ?? connectionErrorCode(error);
    if (code === undefined) return 0;
    const key = `${code} ${message}`;
    const nowMs = this.#now();
    const line = this.#lines.get(key);
    if (line !== undefined && nowMs < line.untilMs) {
      line.suppressed += 1;
      return undefined;
    }
    if (this.#lines.size >= maxLines) this.#lines.clear();
    this.#lines.set(key, { untilMs: nowMs + intervalMs, suppressed: 0 });
    return line?.suppressed ?? 0;
  }
}

function connectionErrorCode(error: unknown): string | undefined {
  if (!Error.isError(error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return 'syscall' in error || isCertificateCode(error.code) ? error.code : undefined;
}
