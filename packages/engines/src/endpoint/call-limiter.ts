import {
  EngineCancelledError,
  EngineError,
  EngineRateLimitedError,
  hasBacklog,
  RateLimitReachedError,
  type Engine,
  type EngineLimits,
  type EngineUsage,
  type RateLimiter,
  type TranslationRequest,
} from '@parley/translation';

/** How much of a new measurement counts; the rest is what was measured before. */
const newShare = 0.1;

/** What an engine told with an answer or a failure. */
interface Told {
  readonly usage?: EngineUsage | undefined;
  readonly limits?: EngineLimits | undefined;
}

/** The capacity that one call was given. */
export interface CallPermit {
  answered(told: Told): void;
  /**
   * @param hasBegun whether something of a reply had come
   * @returns the error to tell of: where the engine refused the call for its rate, it says for how long
   */
  failed(error: unknown, hasBegun: boolean): unknown;
}

/**
 * Lets the calls of one endpoint through its rate limit, and tells the limit what they counted as. Engines count a call
 * when it comes: its prompt, and the output that it asks room for, and give nothing back
 * (https://platform.openai.com/docs/guides/rate-limits). How many tokens a prompt takes is an estimate until the engine
 * tells the usage, and is learnt from that.
 */
export class CallLimiter {
  readonly #limiter: RateLimiter;
  readonly #engine: Pick<Engine, 'countedTokens'>;
  #promptFactor = 1;

  constructor(limiter: RateLimiter, engine: Pick<Engine, 'countedTokens'>) {
    this.#limiter = limiter;
    this.#engine = engine;
  }

  /**
   * Takes capacity for one call. A batch asks as its first text does.
   *
   * @throws RateLimitReachedError where there is none now; EngineCancelledError where nobody wants the call any more
   */
  async acquire(
    requests: readonly [TranslationRequest, ...TranslationRequest[]],
    signal: AbortSignal,
  ): Promise<CallPermit> {
    const [first] = requests;
    const estimate = this.#limiter.countsTokens ? this.#engine.countedTokens?.(requests) : undefined;
    const tokens =
      estimate === undefined ? 0 : Math.round(estimate.promptTokens * this.#promptFactor) + estimate.completionTokens;
    const kind = hasBacklog(first) ? 'partial' : first.kind;
    const grant = await this.#limiter.acquire({ kind, session: first.session, tokens });
    if (grant.status === 'refused') throw new RateLimitReachedError(grant.retryAfterMs);
    const { permit } = grant;
    if (signal.aborted) {
      permit.release({ tokens: undefined, limits: undefined, refused: undefined });
      throw new EngineCancelledError('the call was cancelled', { cause: signal.reason });
    }
    const counted = (usage: EngineUsage | undefined): number | undefined =>
      usage && estimate && this.#actualTokens(usage, estimate);
    return {
      answered: ({ usage, limits }) =>
        void permit.release({ tokens: counted(usage), limits, refused: undefined, isAnswered: true }),
      failed: (error, hasBegun) => {
        const { usage, limits } = error instanceof EngineError ? error : {};
        const refused = error instanceof EngineRateLimitedError ? { retryAfterMs: error.retryAfterMs } : undefined;
        const isAnswered = refused === undefined && (hasBegun || usage !== undefined || limits !== undefined);
        const pauseMs = permit.release({ tokens: counted(usage), limits, refused, isAnswered });
        return error instanceof EngineRateLimitedError ? withPause(error, pauseMs) : error;
      },
    };
  }

  /** What an ended call counted as. */
  #actualTokens(usage: EngineUsage, estimate: EngineUsage): number {
    if (estimate.promptTokens > 0) {
      this.#promptFactor += newShare * (usage.promptTokens / estimate.promptTokens - this.#promptFactor);
    }
    return usage.promptTokens + Math.max(usage.completionTokens, estimate.completionTokens);
  }
}

function withPause(refusal: EngineRateLimitedError, pauseMs: number): EngineRateLimitedError {
  if (refusal.retryAfterMs !== undefined) return refusal;
  return new EngineRateLimitedError(refusal.message, pauseMs, { cause: refusal, limits: refusal.limits });
}
