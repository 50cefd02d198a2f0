import { createHash } from 'node:crypto';
import { normalizeText } from '../normalize-text.ts';
import type { JobRequest } from '../service/translation-service.ts';

/** What of a request says what its translation is; whether it is a partial or a final doesn't. */
export type EqualRequest = Pick<
  JobRequest,
  'text' | 'source' | 'target' | 'context' | 'formality' | 'glossary' | 'history' | 'scope'
>;

/**
 * The same for requests that one call can answer, and only for them: a hash of the whole of what determines a
 * translation.
 *
 * @param engine the engine's name with its model
 * @returns `undefined` for a request that shares with nobody, or needs no call
 */
export function flightKey(request: EqualRequest, engine: string): string | undefined {
  const { source, target, context = '', formality = 'default', glossary = [], history = [], scope } = request;
  const text = normalizeText(request.text);
  if (scope === undefined || text === '') return undefined;
  const terms = glossary.map((entry) => [entry.source, entry.target]);
  const earlier = history.map((final) => [final.text, final.translation]);
  const whole = JSON.stringify([1, scope, engine, source, target, formality, context, terms, earlier, text]);
  return createHash('sha256').update(whole).digest('base64url');
}
