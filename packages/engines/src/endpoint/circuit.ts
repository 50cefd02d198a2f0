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

/** When an endpoint is left alone, and for how long. */
export interface CircuitSettings {
  /** How many of the last calls are looked at. */
  readonly windowCalls: number;
  /** With fewer calls than this nothing is concluded. */
  readonly minimumCalls: number;
  /** The circuit opens when more than this share of them failed; between 0 and 1. */
  readonly failureShare: number;
  /** The bound of the first pause; it doubles with every probe that fails. */
  readonly firstPauseMs: number;
  readonly maxPauseMs: number;
}

/** `open`: nobody asks; `half-open`: one call is under way that decides. */
export type CircuitPosition = 'closed' | 'open' | 'half-open';

/**
 * What a call says of its endpoint. `failed`: it is broken. `succeeded`: it works. `answered`: it is alive, but refused
 * this call. `unknown`: nothing, since the call was cancelled or not made.
 */
export type Verdict = 'succeeded' | 'failed' | 'answered' | 'unknown';

/** A call that may be made. It must be ended, once, or a half-open circuit stays so. */
export interface Admission {
  end(verdict: Verdict): void;
}

class Failure extends Error {}
class UntoldProbe extends Failure {}
class NoFailure extends Error {}

/** How long whoever comes while a probe is under way is told to wait, and the pause after one that told nothing. */
const probeMs = 250;

const positions: Readonly<Record<CircuitState, CircuitPosition>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
};

/**
 * The next pause: a random one between half of a doubling bound and all of it, so that the workers do not probe in step.
 *
 * @param attempt how often in a row the circuit has opened, from 1
 * @param random in [0, 1)
 */
export function pauseMs(attempt: number, random: number, settings: CircuitSettings): number {
  const bound = Math.min(settings.maxPauseMs, settings.firstPauseMs * 2 ** (attempt - 1));
  return bound * (0.5 + random / 2);
}

interface CircuitOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** A number in [0, 1), such as `Math.random` gives. */
  readonly random: () => number;
  /** Hears every new position. */
  readonly onChange: (position: CircuitPosition) => void;
}

/** The circuit breaker of one endpoint: cockatiel's, asked without waiting. */
export class Circuit {
  readonly #settings: CircuitSettings;
  readonly #options: CircuitOptions;
  readonly #policy: CircuitBreakerPolicy;
  #probeAtMs = 0;
  /** How often in a row it was found broken: what opened it counts, and each probe that failed. */
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
   * cockatiel goes by the wall clock, and one that is set back would keep the circuit open for as long. So to cockatiel
   * the pause is endless until it is over by the other clock, and then there was none.
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

  /** How long until a call may be admitted again, as far as it is known. */
  get retryAfterMs(): number {
    if (this.position === 'closed') return 0;
    return this.position === 'open' ? this.#waitMs : probeMs;
  }

  /** Lets a call through, or not: then no call may be made. */
  admit(): Admission | undefined {
    // While a probe is under way, the policy would make others wait for its end.
    if (this.position === 'half-open') return undefined;
    const { promise: ended, resolve, reject } = Promise.withResolvers<undefined>();
    const admitted: Promise<undefined>[] = [];
    const run = this.#policy.execute(() => {
      admitted.push(ended);
      return ended;
    });
    run.catch(() => undefined); // The verdict came from here.
    if (admitted.length === 0) return undefined;
    const isProbe = this.#policy.state === CircuitState.HalfOpen;
    return {
      end: (verdict) => {
        if (verdict === 'succeeded') resolve(undefined);
        // To the policy, a probe that tells nothing is one that went well. It didn't fail either: the next one comes soon,
        // or an endpoint that has recovered would be left alone for longer and longer while its rate limit is tight.
        else if (verdict === 'unknown' && isProbe) reject(new UntoldProbe());
        else reject(verdict === 'failed' ? new Failure() : new NoFailure());
      },
    };
  }
}
