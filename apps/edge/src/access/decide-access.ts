import type { IncomingHttpHeaders } from 'node:http';
import { forwardingHeader } from '@parley/config';
import { defaultTenant, tenantOf, type AccessPolicy, type KnownKey } from './access-policy.ts';
import { isLoopbackAddress, namesLoopback } from './loopback.ts';
import { presentedKey } from './presented-key.ts';

/** What is known of a client before its socket opens. */
export interface AccessRequest {
  readonly headers: IncomingHttpHeaders;
  /** The peer of the connection: a proxy, where there is one. */
  readonly remoteAddress: string;
}

export type AccessDecision =
  | { readonly allowed: true; readonly tenant: string; readonly joinCode?: string }
  | { readonly allowed: false; readonly status: 401 | 403 | 429; readonly reason: string };

/** Whether a client may open a socket, and for which tenant. Pure: decided from the upgrade request alone. */
export function decideAccess(policy: AccessPolicy, request: AccessRequest): AccessDecision {
  return policy.kind === 'keys' ? byKey(policy.keys, request) : withoutKey(policy.anyPeer, request);
}

/** A key proves who asks, so a page of any origin may bring it. */
function byKey(keys: readonly KnownKey[], { headers }: AccessRequest): AccessDecision {
  const presented = presentedKey(headers);
  if (presented.kind === 'none') return refused(401, 'an API key is needed: "Authorization: Bearer KEY"');
  if (presented.kind === 'malformed') return refused(401, presented.reason);
  const tenant = tenantOf(keys, presented.key);
  return tenant === undefined ? refused(401, 'the API key is not known') : { allowed: true, tenant };
}

/**
 * Nothing proves who asks, so nobody but this machine may, and of the web pages that it shows none but the edge's own:
 * a browser sends along the page's origin, and the name in `Host` that the page used. Where a proxy passes a request on,
 * the peer is the proxy, whoever asked it.
 */
function withoutKey(anyPeer: boolean, { headers, remoteAddress }: AccessRequest): AccessDecision {
  const proxied = proxiedReason(headers);
  if (proxied !== undefined) return refused(403, proxied);
  if (!anyPeer && !isLoopbackAddress(remoteAddress)) {
    return refused(403, 'without API keys only this machine may connect');
  }
  const { host, origin } = headers;
  if (host === undefined || !namesLoopback(host)) {
    return refused(403, 'without API keys the Host header must be localhost, 127.0.0.1 or [::1]');
  }
  if (origin !== undefined && !isOwnOrigin(origin, host)) {
    return refused(403, 'without API keys a page of another origin may not connect');
  }
  return { allowed: true, tenant: defaultTenant };
}

/** Why a request is refused where there are no keys, if a proxy has passed it on. */
export function proxiedReason(headers: IncomingHttpHeaders): string | undefined {
  const header = forwardingHeader(headers);
  if (header === undefined) return undefined;
  return `a proxy passed this request on (it has the header ${header}), and without API keys only this machine may connect; set API_KEYS to use Parley behind a proxy`;
}

/** Whether an `Origin` names the same host and port as `Host`; the scheme's own port may be left out of either. */
function isOwnOrigin(origin: string, host: string): boolean {
  // An origin is scheme, host and port (RFC 6454); anything with more than that comes from no browser.
  if (!/^https?:\/\/[^/?#@\\\s]+$/i.test(origin)) return false;
  const page = URL.parse(origin);
  return page !== null && page.host === URL.parse(`${page.protocol}//${host}`)?.host;
}

function refused(status: 401 | 403, reason: string): AccessDecision {
  return { allowed: false, status, reason };
}
