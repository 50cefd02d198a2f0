import type { EngineUsage, TranslationRequest } from '../engine/engine.ts';

/** What each text takes of the tokens of one request: by the length of the texts, as nobody tells it better. */
export function shareUsage(requests: readonly TranslationRequest[], usage: EngineUsage): EngineUsage[] {
  const characters = requests.reduce((sum, { text }) => sum + text.length, 0);
  return requests.map(({ text }) => {
    const share = characters === 0 ? 1 / requests.length : text.length / characters;
    return {
      promptTokens: Math.round(usage.promptTokens * share),
      completionTokens: Math.round(usage.completionTokens * share),
    };
  });
}
