import { estimateTokens } from '../estimate-tokens.ts';
import type { Engine, EngineUsage, TranslationRequest } from '../engine/engine.ts';

/**
 * Estimates the tokens of a call whose engine didn't tell them: the prompt as the engine counts it, and what came of the
 * reply. Of an engine that knows no tokens, nothing.
 */
export function estimateUsage(
  engine: Pick<Engine, 'countedTokens'>,
): (requests: readonly TranslationRequest[], reply: string) => EngineUsage {
  return (requests, reply) => ({
    promptTokens: engine.countedTokens?.(requests).promptTokens ?? 0,
    completionTokens: engine.countedTokens === undefined ? 0 : estimateTokens(reply),
  });
}
