import type {
  BatchReply,
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

type Refused = { readonly retryAfterMs: number | undefined };

const uncounted = { tokens: 0, estimate: undefined };

/**
 * The engine behind its rate limit: a call that has no room now throws `RateLimitReachedError`, and nothing was sent. What
 * the engine tells of its limits ends here.
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

  async function* translate(request: TranslationRequest): AsyncGenerator<TranslationPiece> {
    const { tokens, estimate } = rateLimit.countsTokens ? counted.expected(request) : uncounted;
    const permit = await admit(request, tokens, request.signal);
    let usage: EngineUsage | undefined;
    let limits: EngineLimits | undefined;
    let refused: Refused | undefined;
    try {
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
      permit.settle({ tokens: usage && estimate && counted.actual(usage, estimate), limits, refused });
    }
  }

  const translateBatch = engine.translateBatch?.bind(engine);
  /** One request, of all the tokens. */
  async function translateTogether(
    ask: NonNullable<Engine['translateBatch']>,
    requests: readonly TranslationRequest[],
    signal: AbortSignal,
  ): Promise<BatchReply> {
    const [first] = requests;
    if (first === undefined) return { texts: [], usage: undefined };
    const tokens = rateLimit.countsTokens
      ? requests.reduce((sum, request) => sum + counted.expected(request).tokens, 0)
      : 0;
    const permit = await admit(first, tokens, signal);
    let refused: Refused | undefined;
    try {
      return await ask(requests, signal);
    } catch (error) {
      if (error instanceof EngineRateLimitedError) refused = { retryAfterMs: error.retryAfterMs };
      throw error;
    } finally {
      permit.settle({ tokens: undefined, limits: undefined, refused });
    }
  }

  return {
    ...engine,
    translate,
    ...(translateBatch === undefined
      ? {}
      : { translateBatch: (requests, signal) => translateTogether(translateBatch, requests, signal) }),
  };
}
