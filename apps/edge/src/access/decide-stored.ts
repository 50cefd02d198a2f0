import { matchesApiKeyDigest, type ApiKeySecret } from '@parley/redis/api-key';
import type { AccessDecision } from './decide-access.ts';
import type { FindStoredKey } from './stored-keys.ts';

export const tooManyTries: AccessDecision = {
  allowed: false,
  status: 429,
  reason: 'too many unknown API keys or tokens; try again in a minute',
  kind: 'too-many-tries',
};

/** Decides about a client with an API key of the form of those in Redis. Pure. */
export function decideStoredKey(found: Awaited<ReturnType<FindStoredKey>>, { key }: ApiKeySecret): AccessDecision {
  if (found === 'too-many-tries') return tooManyTries;
  if (found === undefined || !matchesApiKeyDigest(key, found.digest)) {
    return { allowed: false, status: 401, reason: 'the API key is unknown or was revoked', kind: 'wrong-key' };
  }
  const { tenant, scope, id } = found;
  // A key of a narrower scope permits what a token of that scope permits.
  return {
    allowed: true,
    tenant,
    keyId: id,
    ...(scope === 'admin' ? {} : { token: { tenant, scope, isOfKey: true } }),
  };
}
