import type { Engine, EngineLimits, EngineUsage, TranslationPiece, TranslationRequest } from '../engine/engine.ts';
import { EngineCancelledError, EngineRateLimitedError, RateLimitReachedError } from '../engine/engine-error.ts';
import { CountedTokens } from './counted-tokens.ts';
import type { RateLimit } from './rate-limit.ts';

/**
 * The engine behind its rate limit: a call that has no room now throws `RateLimitReachedError`, and nothing was sent. What
 * the engine tells of its limits ends here.
 */
export function createLimitedEngine(engine: Engine, rateLimit: RateLimit): Engine {
  const counted = new CountedTokens(engine);

  async function* translate(request: TranslationRequest): AsyncGenerator<TranslationPiece> {
    const { kind, session, signal } = request;
    const { tokens, estimate } = rateLimit.countsTokens ? counted.expected(request) : { tokens: 0, estimate: undefined };
    const grant = await rateLimit.take({ kind, session, tokens });
    if (grant.status === 'refused') throw new RateLimitReachedError(grant.retryAfterMs);
    let usage: EngineUsage | undefined;
    let limits: EngineLimits | undefined;
    let refused: { readonly retryAfterMs: number | undefined } | undefined;
    try {
      if (signal.aborted) throw new EngineCancelledError('the call was cancelled', { cause: signal.reason });
      for await (const piece of engine.translate(request)) {
        if (piece.type === 'limits') {
          limits = piece.limits;
          continue;
        }
        if (piece.type === 'usage') usage = piece.usage;
        yield piece;
      }
    } catch (error) {
      if (error instanceof EngineRateLimitedError) {
        refused = { retryAfterMs: error.retryAfterMs };
        limits = error.limits;
      }
      throw error;
    } finally {
      grant.permit.settle({
        tokens: usage && estimate && counted.actual(usage, estimate),
        limits,
        refused,
      });
    }
  }

  return {
    name: engine.name,
    warm: (signal) => engine.warm(signal),
    capabilities: (signal) => engine.capabilities(signal),
    translate,
    close: () => engine.close(),
  };
}
