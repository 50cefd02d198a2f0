import { normalizeText } from '../normalize-text.ts';
import type { ShownTranslation, TranslationRequest } from './engine.ts';

type PreviousTurn = ShownTranslation & { readonly text: string };

/**
 * Returns what readers of a partial's segment see, with its source text, for an engine that keeps its wording; `undefined` if
 * either is unknown. A final has no such turn: it is not bound by the wording of partials, and shares its translation with
 * other finals.
 */
export function previousTurn({
  kind,
  previous,
}: Pick<TranslationRequest, 'kind' | 'previous'>): PreviousTurn | undefined {
  if (kind === 'final' || previous?.text === undefined) return undefined;
  const { text, translation } = previous;
  return normalizeText(text) === '' || normalizeText(translation) === '' ? undefined : { text, translation };
}

/** Returns a request without that turn: what readers see may still serve as a prediction. */
export function withoutPreviousTurn<Request extends Pick<TranslationRequest, 'previous'>>(request: Request): Request {
  const { previous } = request;
  return previous?.text === undefined ? request : { ...request, previous: { translation: previous.translation } };
}
