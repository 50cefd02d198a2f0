import { tokenSigningKey, tokenVerificationKey, type ApiKeyRecord, type ApiKeySecret } from '@parley/redis/api-key';
import type { TokenSigner } from './token.ts';

/** Signs the tokens of an API key in Redis; needs the key itself. */
export function storedSigner(tenant: string, { id, key }: ApiKeySecret): TokenSigner {
  return { tenant, keyId: id, algorithm: 'EdDSA', tokenKey: () => Promise.resolve(tokenSigningKey(key)) };
}

/** Verifies the tokens of an API key in Redis; can't make any. */
export function storedVerifier({ id, tenant, tokenPublicKey }: ApiKeyRecord): TokenSigner {
  const tokenKey = () => Promise.resolve(tokenVerificationKey(tokenPublicKey));
  return { tenant, keyId: id, algorithm: 'EdDSA', tokenKey };
}
