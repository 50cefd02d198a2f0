import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { tokenScopeSchema, type TokenScope } from '@parley/protocol/http-api';
import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

/** What a client with a token may do. */
export interface TokenGrant {
  readonly tenant: string;
  readonly scope: TokenScope;
  /** The only session that the token is for; `undefined`: any of its tenant. */
  readonly sessionId?: string | undefined;
  /** The token has expired since it opened its session, and may only resume that. */
  readonly hasExpired?: boolean;
  /** The only room that the token is for; `undefined`: sessions of its tenant in any room, or in none. */
  readonly room?: string | undefined;
}

/** A key that signs tokens, and the tenant that they are for. */
export interface TokenSigner {
  readonly tenant: string;
  readonly tokenSecret: () => Promise<Uint8Array>;
}

const algorithm = 'HS256';
/** Much longer than any token of ours. */
const maxTokenChars = 1000;
const derive = promisify<string, string, number, { N: number; maxmem: number }, Buffer>(scrypt);

const claimsSchema = z.object({
  tenant: z.string(),
  scope: tokenScopeSchema,
  sessionId: z.string().optional(),
  room: z.string().optional(),
});

/**
 * Derives from an API key the secret that signs its tokens: the same on every edge with this key, and void together
 * with it. Deliberately slow, so that the holder of a token can't find a weak key by trying.
 */
export function deriveTokenSecret(apiKey: string): Promise<Buffer> {
  return derive(apiKey, 'parley token v1', 32, { N: 2 ** 15, maxmem: 64 * 1024 * 1024 });
}

/** Whether a credential has the form of a token (a JWT, RFC 7519). */
export function isTokenShaped(credential: string): boolean {
  return credential.length <= maxTokenChars && /^eyJ[\w-]*\.eyJ[\w-]*\.[\w-]+$/.test(credential);
}

/** @param expiresAtMs rounded up to whole seconds */
export async function signToken(
  signer: TokenSigner,
  { scope, sessionId, room }: Pick<TokenGrant, 'scope' | 'sessionId' | 'room'>,
  expiresAtMs: number,
): Promise<string> {
  const claims = {
    tenant: signer.tenant,
    scope,
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(room === undefined ? {} : { room }),
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .setExpirationTime(Math.ceil(expiresAtMs / 1000))
    .sign(await signer.tokenSecret());
}

/**
 * Verifies a token; `undefined` if no signer of its tenant has signed it, or if it has expired.
 *
 * @param toleranceMs how long ago it may have expired; the result then says so
 */
export async function verifyToken(
  signers: readonly TokenSigner[],
  token: string,
  nowMs: number,
  toleranceMs = 0,
): Promise<TokenGrant | undefined> {
  const claimed = claimedTenant(token);
  for (const signer of signers.filter(({ tenant }) => tenant === claimed)) {
    try {
      const { payload } = await jwtVerify(token, await signer.tokenSecret(), {
        algorithms: [algorithm],
        requiredClaims: ['exp'],
        currentDate: new Date(nowMs),
        clockTolerance: toleranceMs / 1000,
      });
      const grant = claimsSchema.parse(payload);
      return Number(payload.exp) * 1000 > nowMs ? grant : { ...grant, hasExpired: true };
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) return undefined;
    }
  }
  return undefined;
}

/** The tenant that a token names; tells only which keys to try. */
function claimedTenant(token: string): unknown {
  try {
    return decodeJwt(token)['tenant'];
  } catch {
    return undefined;
  }
}
