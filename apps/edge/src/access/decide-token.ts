import { tokenSigners, type AccessPolicy } from './access-policy.ts';
import { decideAccess, type AccessDecision, type AccessRequest } from './decide-access.ts';
import { presentedKey } from './presented-key.ts';
import { isTokenShaped, verifyToken } from './token.ts';

/** How long after its expiry a token to speak may still resume a session: longer than a talk and its interruptions. */
export const resumableForMs = 24 * 3_600_000;

/**
 * Like `decideAccess`, for clients that may have a token instead of a key.
 *
 * @param resumableMs how long after its expiry a token to speak is still admitted, in order to resume a session
 */
export async function decideKeyOrToken(
  policy: AccessPolicy,
  request: AccessRequest,
  nowMs: number,
  resumableMs = 0,
): Promise<AccessDecision> {
  const decision = decideAccess(policy, request);
  const presented = presentedKey(request.headers);
  if (presented.kind !== 'key' || !isTokenShaped(presented.key)) return decision;
  // With keys, the credential was not one of them; without, the token can only restrict what is allowed.
  if (decision.allowed === (policy.kind === 'keys')) return decision;
  const token = await verifyToken(tokenSigners(policy), presented.key, nowMs, resumableMs);
  const isUsable = token?.hasExpired !== true || token.scope === 'speak';
  if (token === undefined || !isUsable) {
    return { allowed: false, status: 401, reason: 'the token is invalid or has expired', kind: 'wrong-token' };
  }
  return { allowed: true, tenant: token.tenant, token };
}
