import { canonicalJoinCode } from '@parley/protocol';
import { secretHash } from '@parley/redis/access';
import type { FoundCode, JoinCodes } from '@parley/redis/session';
import type { JoinAttempts } from '../limits/join-attempts.ts';
import type { AccessDecision } from './decide-access.ts';
import { findCounted } from './find-counted.ts';

export type JoinDecision =
  | Exclude<AccessDecision, { allowed: true }>
  | (Extract<AccessDecision, { allowed: true }> & { readonly sessionId: string });

export interface JoinRequest {
  readonly joinCode: string;
  /** The client's address. */
  readonly address: string;
  /** Whether the client has listened before, so that it may want the rest of a session that has just ended. */
  readonly isReturning: boolean;
}

/** Checks a join code, which authorizes any client to listen to its session. */
export async function decideJoin(
  { joinCode, address, isReturning }: JoinRequest,
  { codes, attempts }: { codes: Pick<JoinCodes, 'find'>; attempts: JoinAttempts },
): Promise<JoinDecision> {
  const found = await findCounted(secretHash(canonicalJoinCode(joinCode)), { address, codes, attempts });
  if (found === 'too-many-tries') {
    const retryAfterSeconds = attempts.retryAfterSeconds(address);
    return {
      allowed: false,
      status: 429,
      reason: 'too many wrong join codes',
      kind: 'too-many-tries',
      retryAfterSeconds,
    };
  }
  const joinable = joinableCode(found, isReturning);
  if (typeof joinable === 'string') {
    const reason = unjoinableTexts[joinable];
    return joinable === 'not-started'
      ? { allowed: false, status: 425, reason, kind: undefined }
      : { allowed: false, status: 401, reason, kind: 'wrong-code' };
  }
  const { tenant, sessionId } = joinable;
  return { allowed: true, tenant, sessionId, joinCode };
}

export const unjoinableTexts = {
  unknown: 'no session has this join code',
  closed: 'this join code is closed or was changed',
  'not-started': 'no session is running in this room; try again in a few seconds',
} as const;

/**
 * The session that a code leads to, or why nobody can join by it now. A room waits for its next session as soon as one
 * has ended, except for listeners that want the rest of that one. Pure.
 */
export function joinableCode(
  found: FoundCode | undefined,
  isReturning: boolean,
): Extract<FoundCode, { status: 'open' }> | keyof typeof unjoinableTexts {
  if (found === undefined) return 'unknown';
  if (found.status === 'closed') return 'closed';
  if (found.status === 'waiting') return 'not-started';
  return found.room !== undefined && found.hasEnded && !isReturning ? 'not-started' : found;
}
