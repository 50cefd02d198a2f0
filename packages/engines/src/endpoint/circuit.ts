import type { Clock } from '@parley/translation';
import {
  circuitBreaker,
  CircuitState,
  CountBreaker,
  handleType,
  type CircuitBreakerPolicy,
  type IBackoff,
  type IHalfOpenAfterBackoffContext,
} from 'cockatiel';

/** When the circuit of an endpoint opens, and for how long. */
export interface CircuitSettings {
  /** Number of recent calls taken into account. */
  readonly windowCalls: number;
  /** Minimum number of calls before the circuit can open. */
  readonly minimumCalls: number;
  /** The circuit opens if more than this share of the calls failed; between 0 and 1. */
  readonly failureShare: number;
  /** Upper bound of the first pause; doubles with every failed probe. */
  readonly firstPauseMs: number;
  readonly maxPauseMs: number;
}

/** `open`: no calls; `half-open`: a probe is under way. */
export type CircuitPosition = 'closed' | 'open' | 'half-open';

/**
 * What a call tells about its endpoint. `failed`: it is broken; `succeeded`: it works; `answered`: it is reachable but
 * refused this call; `unknown`: the call was cancelled or not made.
 */
export type Verdict = 'succeeded' | 'failed' | 'answered' | 'unknown';

/** Permission to make a call. `end` must be called exactly once, or a half-open circuit stays half-open. */
export interface Admission {
  end(verdict: Verdict): void;
}

class Failure extends Error {}
class UntoldProbe extends Failure {}
class NoFailure extends Error {}

/** Retry delay for calls made during a probe, and pause after an inconclusive probe. */
const probeMs = 250;

const positions: Readonly<Record<CircuitState, CircuitPosition>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
};

/**
 * Returns a random pause between half of the current bound and the bound, which doubles with each attempt, so that workers
 * do not probe in step.
 *
 * @param attempt number of consecutive openings, from 1
 * @param random in [0, 1)
 */
export function pauseMs(attempt: number, random: number, settings: CircuitSettings): number {
  const bound = Math.min(settings.maxPauseMs, settings.firstPauseMs * 2 ** (attempt - 1));
  return bound * (0.5 + random / 2);
}

interface CircuitOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Returns a number in [0, 1), as `Math.random` does. */
  readonly random: () => number;
  /** Called when the position changes. */
  readonly onChange: (position: CircuitPosition) => void;
}

/** Circuit breaker of one endpoint: a non-blocking wrapper around cockatiel's. */
export class Circuit {
  readonly #settings: CircuitSettings;
  readonly #options: CircuitOptions;
  readonly #policy: CircuitBreakerPolicy;
  #probeAtMs = 0;
  /** Consecutive failures: the one that opened the circuit, and each failed probe. */
  #failures = 0;

  constructor(settings: CircuitSettings, options: CircuitOptions) {
    this.#settings = settings;
    this.#options = options;
    const { windowCalls: size, minimumCalls: minimumNumberOfCalls, failureShare: threshold } = settings;
    this.#policy = circuitBreaker(handleType(Failure), {
      breaker: new CountBreaker({ size, minimumNumberOfCalls, threshold }),
      halfOpenAfter: this.#pause(),
    });
    this.#policy.onStateChange((state) => options.onChange(positions[state]));
  }

  /**
   * cockatiel uses the wall clock, which would keep the circuit open if it is set back. Its pause is therefore infinite until
   * the monotonic clock says that the pause is over, and then negative.
   */
  #pause(): IBackoff<IHalfOpenAfterBackoffContext> {
    const isOver = (): boolean => this.#waitMs === 0;
    const pause: IBackoff<IHalfOpenAfterBackoffContext> = {
      get duration() {
        return isOver() ? -Infinity : Infinity;
      },
      next: (context) => {
        this.#probeAtMs = this.#options.clock.now() + this.#pauseMs(context);
        return pause;
      },
    };
    return pause;
  }

  #pauseMs({ attempt, result }: IHalfOpenAfterBackoffContext): number {
    const isUntold = 'error' in result && result.error instanceof UntoldProbe;
    if (attempt === 1) this.#failures = 0;
    if (isUntold) return Math.min(probeMs, this.#settings.firstPauseMs);
    this.#failures += 1;
    return pauseMs(this.#failures, this.#options.random(), this.#settings);
  }

  get #waitMs(): number {
    return Math.max(0, this.#probeAtMs - this.#options.clock.now());
  }

  get position(): CircuitPosition {
    return positions[this.#policy.state];
  }

  /** Milliseconds until a call may be admitted again, as far as known. */
  get retryAfterMs(): number {
    if (this.position === 'closed') return 0;
    return this.position === 'open' ? this.#waitMs : probeMs;
  }

  /** Admits a call; `undefined`: no call may be made. */
  admit(): Admission | undefined {
    // The policy would queue other calls until the probe has ended.
    if (this.position === 'half-open') return undefined;
    const { promise: ended, resolve, reject } = Promise.withResolvers<undefined>();
    const admitted: Promise<undefined>[] = [];
    const run = this.#policy.execute(() => {
      admitted.push(ended);
      return ended;
    });
    run.catch(() => undefined); // The rejection is the verdict passed to `end`.
    if (admitted.length === 0) return undefined;
    const isProbe = this.#policy.state === CircuitState.HalfOpen;
    return {
      end: (verdict) => {
        if (verdict === 'succeeded') resolve(undefined);
        // The policy would close the circuit after an inconclusive probe. It did not fail either: the next probe follows soon,
        // so that pauses do not grow while a working endpoint is only at its rate limit.
        else if (verdict === 'unknown' && isProbe) reject(new UntoldProbe());
        else reject(verdict === 'failed' ? new Failure() : new NoFailure());
      },
    };
  }
}
