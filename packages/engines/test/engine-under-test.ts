import type { Engine, EngineAnswer, TranslationRequest } from '@parley/translation';

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

/** What readers see of a partial. */
export const shown = { text: 'Zebra crossing', translation: 'Paso de cebra' };

/** Runs a translation to its end. `pieces`: what was heard while it came. */
export async function translateAll(
  engine: Pick<Engine, 'translate'>,
  given: Partial<TranslationRequest> = {},
): Promise<EngineAnswer & { pieces: string[] }> {
  const pieces: string[] = [];
  const answer = await engine.translate(requestFor(given), (piece) => void pieces.push(piece));
  return { ...answer, pieces };
}
