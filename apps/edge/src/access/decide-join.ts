import { canonicalJoinCode } from '@parley/protocol';
import { secretHash } from '@parley/redis/access';
import type { JoinCodes } from '@parley/redis/session';
import type { JoinAttempts } from '../limits/join-attempts.ts';
import type { AccessDecision } from './decide-access.ts';

export type JoinDecision =
  | Exclude<AccessDecision, { allowed: true }>
  | (Extract<AccessDecision, { allowed: true }> & { readonly sessionId: string });

/** Checks a join code, which authorizes any client to listen to its session. */
export async function decideJoin(
  joinCode: string,
  address: string,
  { codes, attempts }: { codes: Pick<JoinCodes, 'find'>; attempts: JoinAttempts },
): Promise<JoinDecision> {
  if (!attempts.isAllowed(address)) {
    return { allowed: false, status: 429, reason: 'too many wrong join codes', kind: 'too-many-tries' };
  }
  const joined = await codes.find(secretHash(canonicalJoinCode(joinCode)));
  if (joined !== undefined) return { allowed: true, ...joined, joinCode };
  attempts.recordFailure(address);
  return { allowed: false, status: 401, reason: 'no session has this join code', kind: 'wrong-code' };
}
