import { secretHash } from '@parley/redis/access';
import type { JoinCodes } from '@parley/redis/session';
import type { JoinTries } from '../limits/join-tries.ts';
import type { AccessDecision } from './decide-access.ts';

/** A join code alone is the right to listen to its session: whoever brings it, from wherever. */
export async function decideJoin(
  joinCode: string,
  address: string,
  { codes, tries }: { codes: Pick<JoinCodes, 'find'>; tries: JoinTries },
): Promise<AccessDecision> {
  if (!tries.allowed(address)) return { allowed: false, status: 429, reason: 'too many wrong join codes' };
  const joined = await codes.find(secretHash(joinCode));
  if (joined !== undefined) return { allowed: true, tenant: joined.tenant, joinCode };
  tries.failed(address);
  return { allowed: false, status: 401, reason: 'no session has this join code' };
}
