import type { IncomingHttpHeaders } from 'node:http';
import { forwardingHeader, namesLoopback } from '@parley/config';
import type { RefusalReason } from '@parley/telemetry';
import { defaultTenant, findKey, type AccessPolicy, type KnownKey } from './access-policy.ts';
import { isLoopbackAddress } from './loopback.ts';
import { presentedKey } from './presented-key.ts';
import type { TokenGrant } from './token.ts';

/** What is known about a client before its socket opens. */
export interface AccessRequest {
  readonly headers: IncomingHttpHeaders;
  /** The peer of the connection, which may be a proxy. */
  readonly remoteAddress: string;
}

export type AccessDecision =
  | {
      readonly allowed: true;
      readonly tenant: string;
      /** Set if this join code is all that the client has. */
      readonly joinCode?: string;
      /** Set if the client has a token instead of a key, or a key that permits no more than one. */
      readonly token?: TokenGrant;
      /** The API key in Redis that the client has, or that has made its token. */
      readonly keyId?: string;
    }
  | {
      readonly allowed: false;
      readonly status: 401 | 403 | 425 | 429;
      readonly reason: string;
      /** As what the refusal is counted; `undefined` if the client is not to blame. */
      readonly kind: RefusalReason | undefined;
      /** When to try again, if that is known. */
      readonly retryAfterSeconds?: number;
    };

/** Decides from the upgrade request alone whether a client may open a socket, and for which tenant. Pure. */
export function decideAccess(policy: AccessPolicy, request: AccessRequest): AccessDecision {
  return policy.kind === 'keys' ? decideByKey(policy.keys, request) : decideKeyless(policy.anyPeer, request);
}

/** A key authenticates the client, so pages of any origin may use one. */
function decideByKey(keys: readonly KnownKey[], { headers }: AccessRequest): AccessDecision {
  const presented = presentedKey(headers);
  if (presented.kind === 'none') return refused(401, 'an API key is required: "Authorization: Bearer KEY"', 'no-key');
  if (presented.kind === 'malformed') return refused(401, presented.reason, 'wrong-key');
  const known = findKey(keys, presented.key);
  if (known === undefined) return refused(401, 'the API key is unknown', 'wrong-key');
  return { allowed: true, tenant: known.tenant };
}

/**
 * Without authentication, only this machine may connect, and of the pages in its browsers only the edge's own: a
 * browser sends the page's origin, and in `Host` the name that the page used. Forwarded requests are refused because
 * the peer is the proxy, not the client.
 */
function decideKeyless(anyPeer: boolean, { headers, remoteAddress }: AccessRequest): AccessDecision {
  const proxied = proxiedReason(headers);
  if (proxied !== undefined) return refused(403, proxied, 'proxy');
  if (!anyPeer && !isLoopbackAddress(remoteAddress)) {
    return refused(403, 'without API keys, only this machine may connect', 'address');
  }
  const { host, origin } = headers;
  if (host === undefined || !namesLoopback(host)) {
    return refused(403, 'without API keys, the Host header must be localhost, 127.0.0.1 or [::1]', 'host');
  }
  if (origin !== undefined && !isOwnOrigin(origin, host)) {
    return refused(403, 'without API keys, a page of another origin may not connect', 'origin');
  }
  return { allowed: true, tenant: defaultTenant };
}

/** The reason to refuse a request that a proxy forwarded, if there are no keys. */
export function proxiedReason(headers: IncomingHttpHeaders): string | undefined {
  const header = forwardingHeader(headers);
  if (header === undefined) return undefined;
  return `a proxy forwarded this request (header ${header}); without API keys, only this machine may connect. Set API_KEYS to use Parley behind a proxy`;
}

/** Whether an `Origin` has the same host and port as `Host`; either may omit the scheme's default port. */
function isOwnOrigin(origin: string, host: string): boolean {
  // An origin is scheme, host and port (RFC 6454); browsers never send more than that.
  if (!/^https?:\/\/[^/?#@\\\s]+$/i.test(origin)) return false;
  const page = URL.parse(origin);
  return page !== null && page.host === URL.parse(`${page.protocol}//${host}`)?.host;
}

function refused(status: 401 | 403, reason: string, kind: RefusalReason): AccessDecision {
  return { allowed: false, status, reason, kind };
}
