import { scrypt, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { tokenScopeSchema, type TokenScope } from '@parley/protocol/http-api';
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

/** What a client with a token, or with an API key of a narrow scope, may do. */
export interface TokenGrant {
  readonly tenant: string;
  readonly scope: TokenScope;
  /** The only session that the token is for; `undefined`: any of its tenant. */
  readonly sessionId?: string | undefined;
  /** The token has expired since it opened its session, and may only resume that. */
  readonly hasExpired?: boolean;
  /** The only room that the token is for; `undefined`: sessions of its tenant in any room, or in none. */
  readonly room?: string | undefined;
  /** It is that of an API key, whose holder chooses rooms. */
  readonly isOfKey?: true;
}

/** A key that signs or verifies tokens, and the tenant that they are for. */
export interface TokenSigner {
  readonly tenant: string;
  /** The ID of the API key if it is stored in Redis; its tokens name it. */
  readonly keyId?: string;
  /** `HS256`: one secret signs and verifies. `EdDSA`: a private key signs, and a public one verifies. */
  readonly algorithm: 'HS256' | 'EdDSA';
  readonly tokenKey: () => Promise<Uint8Array | KeyObject>;
}

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
  const { algorithm: alg } = signer;
  const claims = {
    tenant: signer.tenant,
    scope,
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(room === undefined ? {} : { room }),
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg, typ: 'JWT', ...(signer.keyId === undefined ? {} : { kid: signer.keyId }) })
    .setExpirationTime(Math.ceil(expiresAtMs / 1000))
    .sign(await signer.tokenKey());
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
      const { payload } = await jwtVerify(token, await signer.tokenKey(), {
        algorithms: [signer.algorithm],
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

/** The ID of the stored API key that a token names; `undefined` if it names none. Tells only which key to try. */
export function tokenKeyId(token: string): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(token);
    // A header that nobody has signed yet may contain anything; an array would become several arguments of a command.
    return typeof kid === 'string' ? kid : undefined;
  } catch {
    return undefined;
  }
}

/** The tenant that a token names; tells only which keys to try. */
function claimedTenant(token: string): unknown {
  try {
    return decodeJwt(token)['tenant'];
  } catch {
    return undefined;
  }
}
