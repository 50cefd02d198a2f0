import type { TranslationRequest } from '../engine/engine.ts';

/** So many finals of a session may use all the room there is, at once. */
const firstFinals = 4;

/**
 * Whether a final has too many of its own session before it to go before everybody else: a session that has pasted a
 * whole speech gets its even share, as with partials, and no more while others speak.
 */
export function standsBehind({ kind, behind = 0 }: Pick<TranslationRequest, 'kind' | 'behind'>): boolean {
  return kind === 'final' && behind >= firstFinals;
}
