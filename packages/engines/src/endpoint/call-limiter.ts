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

/** Weight of a new measurement in the moving average. */
const newShare = 0.1;

/** Usage and limits reported with a response or a failure. */
interface Reported {
  readonly usage?: EngineUsage | undefined;
  readonly limits?: EngineLimits | undefined;
}

/** The permit of one call. */
export interface CallPermit {
  answered(reported: Reported): void;
  /**
   * @param hasBegun whether part of the reply was received
   * @returns the error to throw: a rate-limit refusal without a requested delay is given the length of the pause
   */
  failed(error: unknown, hasBegun: boolean): unknown;
}

/**
 * Acquires permits for the calls of one endpoint and reports what they used. Engines count a call when it arrives: its
 * prompt, plus the maximum output requested, without a refund (https://platform.openai.com/docs/guides/rate-limits). The
 * tokens of a prompt are estimated, and the estimate is corrected by the usage that the engine reports.
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
   * Acquires a permit for one call; a batch has the kind and session of its first text.
   *
   * @throws RateLimitReachedError if there is no capacity; EngineCancelledError if the call was cancelled meanwhile
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
    const grant = await this.#limiter.acquire({ kind, tenant: first.tenant, session: first.session, tokens });
    if (grant.status === 'refused') {
      throw new RateLimitReachedError(grant.retryAfterMs, { isPaced: grant.reason === 'paced' });
    }
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

  /** Returns the tokens that the engine counted for a call, and updates the correction factor. */
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
