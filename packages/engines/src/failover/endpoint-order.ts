import type { TranslationRequest } from '@parley/translation';

/** Calls at one endpoint, each over a connection of its own, before the next endpoint's turn. */
const attemptsEach = 2;

/**
 * The order in which endpoints are asked: that of the list, begun at the one whose turn it is after so many attempts in
 * vain. Each gets two in a row, but no second one after a reply that was no translation: it would give another such. After
 * the last comes the first again.
 */
export function endpointOrder<Endpoint>(
  endpoints: readonly Endpoint[],
  { earlierAttempts = 0, strict = false }: Pick<TranslationRequest, 'earlierAttempts' | 'strict'>,
): readonly Endpoint[] {
  const turns = earlierAttempts / attemptsEach;
  const first = (strict ? Math.ceil(turns) : Math.floor(turns)) % Math.max(1, endpoints.length);
  return [...endpoints.slice(first), ...endpoints.slice(0, first)];
}
