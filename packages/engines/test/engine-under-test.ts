import type { Engine, EngineUsage, TranslationRequest } from '@parley/translation';

const request: Omit<TranslationRequest, 'signal'> = {
  text: 'Good morning everyone.',
  source: 'en',
  target: 'es',
  kind: 'partial',
};

/** A final that is long enough to be streamed. */
export const longFinal: Partial<TranslationRequest> = { kind: 'final', text: 'Good morning everyone. '.repeat(20) };

/** A request of its own for every test, with whatever matters in it. */
export function requestFor(given: Partial<TranslationRequest> = {}): TranslationRequest {
  return { ...request, signal: new AbortController().signal, ...given };
}

/** Runs a translation to its end. */
export async function translateAll(
  engine: Engine,
  given: Partial<TranslationRequest> = {},
): Promise<{ pieces: string[]; text: string; usage: EngineUsage | undefined }> {
  const pieces: string[] = [];
  let usage: EngineUsage | undefined;
  for await (const piece of engine.translate(requestFor(given))) {
    if (piece.type === 'text') pieces.push(piece.text);
    if (piece.type === 'usage') usage = piece.usage;
  }
  return { pieces, text: pieces.join(''), usage };
}
