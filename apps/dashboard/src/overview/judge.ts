import { findTroubles } from './find-troubles.ts';
import type { Overview, SystemState } from './overview.ts';

/** Judges a system: `well` if nothing was found. @param atMs when the state was read, in milliseconds since 1970 */
export function judge(state: SystemState, atMs: number): Overview {
  const findings = findTroubles(state);
  return { v: 1, atMs, verdict: findings[0]?.severity ?? 'well', findings, ...state };
}
