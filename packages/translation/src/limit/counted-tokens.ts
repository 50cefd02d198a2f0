import type { Engine, EngineUsage, TranslationRequest } from '../engine/engine.ts';

/** How much of a new measurement counts; the rest is what was measured before. */
const newShare = 0.1;

/**
 * What calls count as under a limit of tokens. Engines count a call when it comes: its prompt, and the output that it
 * asks room for, and give nothing back (https://platform.openai.com/docs/guides/rate-limits). How many tokens a prompt
 * takes is an estimate until the engine tells the usage, and is learnt from that.
 */
export class CountedTokens {
  readonly #engine: Pick<Engine, 'countedTokens'>;
  #promptFactor = 1;

  constructor(engine: Pick<Engine, 'countedTokens'>) {
    this.#engine = engine;
  }

  /** Before the call: the tokens, and what to compare its usage with. */
  expected(requests: readonly TranslationRequest[]): {
    readonly tokens: number;
    readonly estimate: EngineUsage | undefined;
  } {
    const estimate = this.#engine.countedTokens?.(requests);
    if (estimate === undefined) return { tokens: 0, estimate };
    return { tokens: Math.round(estimate.promptTokens * this.#promptFactor) + estimate.completionTokens, estimate };
  }

  /** After the call: the tokens that it counted as. */
  actual(usage: EngineUsage, estimate: EngineUsage): number {
    if (estimate.promptTokens > 0) {
      this.#promptFactor += newShare * (usage.promptTokens / estimate.promptTokens - this.#promptFactor);
    }
    return usage.promptTokens + Math.max(usage.completionTokens, estimate.completionTokens);
  }
}
