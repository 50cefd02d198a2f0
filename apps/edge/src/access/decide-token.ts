import { parseApiKey, type ApiKeyRecord } from '@parley/redis/api-key';
import { tokenSigners, type AccessPolicy } from './access-policy.ts';
import { decideAccess, type AccessDecision, type AccessRequest } from './decide-access.ts';
import { decideStoredKey, tooManyTries } from './decide-stored.ts';
import { presentedKey } from './presented-key.ts';
import type { FindStoredKey } from './stored-keys.ts';
import { storedVerifier } from './stored-signer.ts';
import { isTokenShaped, tokenKeyId, verifyToken, type TokenGrant } from './token.ts';

/** How long after its expiry a token to speak may still resume a session: longer than a talk and its interruptions. */
export const resumableForMs = 24 * 3_600_000;

export interface CredentialContext {
  readonly policy: AccessPolicy;
  /** Finds the API keys in Redis; unset: there are none. */
  readonly findStoredKey?: FindStoredKey;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** How long after its expiry a token to speak is still admitted, in order to resume a session. */
  readonly resumableMs?: number;
}

/**
 * Like `decideAccess`, for clients that may have an API key in Redis, or a token instead of a key.
 *
 * @throws any error of Redis, which is only asked for a credential that names a key there
 */
export async function decideCredential(
  request: AccessRequest & { readonly address?: string },
  { policy, findStoredKey, nowMs, resumableMs = 0 }: CredentialContext,
): Promise<AccessDecision> {
  const decision = decideAccess(policy, request);
  const presented = presentedKey(request.headers);
  if (presented.kind !== 'key') return decision;
  // With keys, the credential was not one of them; without, it can only restrict what is allowed.
  if (decision.allowed === (policy.kind === 'keys')) return decision;
  const find = async (id: string) => findStoredKey?.(id, request.address ?? request.remoteAddress);
  const apiKey = parseApiKey(presented.key);
  if (apiKey !== undefined) return decideStoredKey(await find(apiKey.id), apiKey);
  if (!isTokenShaped(presented.key)) return decision;

  const keyId = tokenKeyId(presented.key);
  const found = keyId === undefined ? undefined : await find(keyId);
  if (found === 'too-many-tries') return tooManyTries;
  const signers = keyId === undefined ? tokenSigners(policy) : mayHaveTokens(found) ? [storedVerifier(found)] : [];
  const token = await verifyToken(signers, presented.key, nowMs, resumableMs);
  if (token === undefined || !isUsable(token)) {
    return { allowed: false, status: 401, reason: 'the token is invalid or has expired', kind: 'wrong-token' };
  }
  return { allowed: true, tenant: token.tenant, token, ...(keyId === undefined ? {} : { keyId }) };
}

/** The holder of a key of a narrower scope can sign tokens, too: they would permit more than the key itself. */
function mayHaveTokens(found: ApiKeyRecord | undefined): found is ApiKeyRecord {
  return found?.scope === 'admin';
}

/** An expired token is only good for resuming a session, which listeners don't do. */
function isUsable({ hasExpired, scope }: TokenGrant): boolean {
  return hasExpired !== true || scope === 'speak';
}
