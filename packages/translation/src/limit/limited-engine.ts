import type {
  BatchPiece,
  Engine,
  EngineLimits,
  EngineUsage,
  TranslationPiece,
  TranslationRequest,
} from '../engine/engine.ts';
import { EngineCancelledError, EngineRateLimitedError, RateLimitReachedError } from '../engine/engine-error.ts';
import { CountedTokens } from './counted-tokens.ts';
import type { Permit, RateLimit } from './rate-limit.ts';
import { standsBehind } from './stands-behind.ts';

const uncounted = { tokens: 0, estimate: undefined };

/** Where the engine didn't say for how long it wants to be left alone, it is now known. */
function withPause(refusal: EngineRateLimitedError, pauseMs: number): EngineRateLimitedError {
  if (refusal.retryAfterMs !== undefined) return refusal;
  return new EngineRateLimitedError(refusal.message, pauseMs, { cause: refusal, limits: refusal.limits });
}

/**
 * The engine behind its rate limit: a call that has no room now throws `RateLimitReachedError`, and nothing was sent. What
 * the engine tells of its limits ends here. A batch is one call, and asks as its first text does.
 */
export function createLimitedEngine(engine: Engine, rateLimit: RateLimit): Engine {
  const counted = new CountedTokens(engine);

  async function admit(request: TranslationRequest, tokens: number, signal: AbortSignal): Promise<Permit> {
    const { session } = request;
    const kind = standsBehind(request) ? 'partial' : request.kind;
    const grant = await rateLimit.take({ kind, session, tokens });
    if (grant.status === 'refused') throw new RateLimitReachedError(grant.retryAfterMs);
    if (!signal.aborted) return grant.permit;
    grant.permit.settle({ tokens: undefined, limits: undefined, refused: undefined });
    throw new EngineCancelledError('the call was cancelled', { cause: signal.reason });
  }

  async function* underLimit<Piece extends TranslationPiece | BatchPiece>(
    requests: readonly TranslationRequest[],
    signal: AbortSignal,
    call: () => AsyncIterable<Piece>,
  ): AsyncGenerator<Piece> {
    const [first] = requests;
    if (first === undefined) return;
    const { tokens, estimate } = rateLimit.countsTokens ? counted.expected(requests) : uncounted;
    const permit = await admit(first, tokens, signal);
    let usage: EngineUsage | undefined;
    let limits: EngineLimits | undefined;
    let refusal: EngineRateLimitedError | undefined;
    let isAnswered = false;
    let pauseMs: number;
    try {
      for await (const piece of call()) {
        isAnswered = true;
        if (piece.type === 'limits') {
          limits = piece.limits;
          continue;
        }
        if (piece.type === 'usage') usage = piece.usage;
        yield piece;
      }
    } catch (error) {
      if (!(error instanceof EngineRateLimitedError)) throw error;
      refusal = error;
      limits = error.limits;
    } finally {
      const refused = refusal && { retryAfterMs: refusal.retryAfterMs };
      pauseMs = permit.settle({
        tokens: usage && estimate && counted.actual(usage, estimate),
        limits,
        refused,
        isAnswered,
      });
    }
    if (refusal !== undefined) throw withPause(refusal, pauseMs);
  }

  const translateBatch = engine.translateBatch?.bind(engine);
  return {
    ...engine,
    translate: (request) => underLimit([request], request.signal, () => engine.translate(request)),
    ...(translateBatch === undefined
      ? {}
      : {
          translateBatch: (requests, signal) => underLimit(requests, signal, () => translateBatch(requests, signal)),
        }),
  };
}
