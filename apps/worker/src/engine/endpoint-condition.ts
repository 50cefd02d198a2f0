import type { CallOutcome, CircuitPosition } from '@parley/engines';
import { EngineError, EngineRateLimitedError } from '@parley/translation';

/** Longer than a circuit's longest pause: while calls come, one that is still open has failed since. */
const failureCountsMs = 15_000;
/** Refusals in a row after which it isn't the requests' fault, of an endpoint that has translated before. */
const refusalsInRow = 3;

/** Outcomes that say that the endpoint is there and does its work. */
const works: readonly CallOutcome[] = ['translated', 'rate-limited', 'unsupported'];
const broken: readonly CallOutcome[] = ['unavailable', 'timeout', 'bad-reply'];

/** Whether one endpoint can be used, by what was seen of it. */
export class EndpointCondition {
  #checkFailure: string | undefined;
  #circuit: CircuitPosition = 'closed';
  #failure: { readonly why: string; readonly atMs: number } | undefined;
  #refusal: string | undefined;
  #refusals = 0;
  #hasTranslated = false;
  #workedAtMs = -Infinity;

  /** It was asked whether it is there; one that limits the rate of requests is. */
  checked(error: unknown): void {
    this.#checkFailure = error === undefined || error instanceof EngineRateLimitedError ? undefined : reasonOf(error);
  }

  /** A call of it has ended. */
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

  /** Why it can't be used; `undefined`: as far as is known it can. */
  trouble(nowMs: number): string | undefined {
    if (this.#checkFailure !== undefined) return this.#checkFailure;
    const isRecent = this.#failure !== undefined && nowMs - this.#failure.atMs <= failureCountsMs;
    // Only a call closes a circuit again: where none comes, the checks tell more.
    if (this.#circuit !== 'closed' && isRecent) return `circuit open: ${this.#failure?.why ?? ''}`;
    return this.#refusals >= (this.#hasTranslated ? refusalsInRow : 1) ? this.#refusal : undefined;
  }
}

/** An engine's error never holds what was said; of any other only the name is told. */
function reasonOf(error: unknown): string {
  if (error instanceof EngineError) return error.message;
  return Error.isError(error) ? error.name : 'unknown';
}
