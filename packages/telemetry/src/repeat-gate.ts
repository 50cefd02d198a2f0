import { redisErrorCode } from './redis-error.ts';

/** An outage repeats the same line for every session and attempt; one a minute says as much. */
const oncePerMs = 60_000;
/** Messages are constant, so there are far fewer. */
const maxLines = 1000;

interface Line {
  readonly untilMs: number;
  suppressed: number;
}

/**
 * Lets the line of a Redis or connection error through once a minute, by its message and the error's code; the next one says
 * how many were left out. Every other line passes.
 */
export class RepeatGate {
  readonly #now: () => number;
  readonly #lines = new Map<string, Line>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns how many lines like it were left out before, or `undefined` where this one is to be left out */
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
    this.#lines.set(key, { untilMs: nowMs + oncePerMs, suppressed: 0 });
    return line?.suppressed ?? 0;
  }
}

function connectionErrorCode(error: unknown): string | undefined {
  if (!Error.isError(error) || !('syscall' in error && 'code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
