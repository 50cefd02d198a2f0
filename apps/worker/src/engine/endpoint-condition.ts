import type { CallOutcome, CircuitPosition } from '@parley/engines';
import { EngineError, EngineRateLimitedError } from '@parley/translation';

/** Longer than the longest pause of a circuit: with regular calls, an open circuit has a failure within this time. */
const failureCountsMs = 15_000;
/** Consecutive rejections after which an endpoint that has translated before counts as unusable. */
const refusalsInRow = 3;

/** Outcomes that show that the endpoint works. */
const works: readonly CallOutcome[] = ['translated', 'rate-limited', 'unsupported'];
const broken: readonly CallOutcome[] = ['unavailable', 'timeout', 'bad-reply'];

/** Determines from its calls and checks whether one endpoint is usable. */
export class EndpointCondition {
  #checkFailure: string | undefined;
  #circuit: CircuitPosition = 'closed';
  #failure: { readonly why: string; readonly atMs: number } | undefined;
  #refusal: string | undefined;
  #refusals = 0;
  #hasTranslated = false;
  #workedAtMs = -Infinity;

  /** Records a check; a rate-limited endpoint is reachable. */
  checked(error: unknown): void {
    this.#checkFailure = error === undefined || error instanceof EngineRateLimitedError ? undefined : reasonOf(error);
  }

  /** Records a call. */
  called(outcome: CallOutcome, error: unknown, nowMs: number): void {
    if (works.includes(outcome)) {
      this.#workedAtMs = nowMs;
      this.#checkFailure = undefined;
    }
    if (outcome === 'translated') {
      this.#hasTranslated = true;
      this.#refusals = 0;
    }
    if (outcome === 'rejected') {
      this.#refusals += 1;
      this.#refusal = reasonOf(error);
    }
    if (broken.includes(outcome)) this.#failure = { why: reasonOf(error), atMs: nowMs };
  }

  circuitChanged(position: CircuitPosition): void {
    this.#circuit = position;
  }

  /** When a call last showed that it works, on the clock of `called`. */
  get workedAtMs(): number {
    return this.#workedAtMs;
  }

  /** Why the endpoint is unusable; `undefined`: usable as far as known. */
  trouble(nowMs: number): string | undefined {
    if (this.#checkFailure !== undefined) return this.#checkFailure;
    const isRecent = this.#failure !== undefined && nowMs - this.#failure.atMs <= failureCountsMs;
    // Only a call closes a circuit, so without recent calls the checks are more reliable.
    if (this.#circuit !== 'closed' && isRecent) return `circuit open: ${this.#failure?.why ?? ''}`;
    return this.#refusals >= (this.#hasTranslated ? refusalsInRow : 1) ? this.#refusal : undefined;
  }
}

/** Messages of engine errors never contain transcript text; of other errors, only the name is used. */
function reasonOf(error: unknown): string {
  if (error instanceof EngineError) return error.message;
  return Error.isError(error) ? error.name : 'unknown';
}
