import type { IncomingHttpHeaders } from 'node:http';
import { bearerSubprotocolPrefix, joinSubprotocolPrefix } from '@parley/protocol';

export type PresentedKey = { kind: 'key'; key: string } | { kind: 'none' } | { kind: 'malformed'; reason: string };

/**
 * Reads the API key of an upgrade request: `Authorization: Bearer KEY` (RFC 6750) or, from browsers, the subprotocol
 * `bearer.KEY`. The header takes precedence; other schemes, such as a proxy's login, are ignored.
 */
export function presentedKey(headers: IncomingHttpHeaders): PresentedKey {
  const authorization = headers.authorization?.trim() ?? '';
  if (/^bearer(?:[ \t]|$)/i.test(authorization)) {
    const key = /^bearer[ \t]+(\S+)$/i.exec(authorization)?.[1];
    return key === undefined
      ? { kind: 'malformed', reason: 'Authorization must be "Bearer KEY"' }
      : { kind: 'key', key };
  }
  const bearers = requestedSubprotocols(headers['sec-websocket-protocol']).filter((name) =>
    name.startsWith(bearerSubprotocolPrefix),
  );
  const [first] = bearers;
  if (first === undefined) return { kind: 'none' };
  if (bearers.length > 1) return { kind: 'malformed', reason: 'more than one bearer subprotocol' };
  const key = first.slice(bearerSubprotocolPrefix.length);
  return key === '' ? { kind: 'malformed', reason: 'the bearer subprotocol contains no key' } : { kind: 'key', key };
}

/** Reads the join code of an upgrade request without a key, from the subprotocol `join.CODE`. */
export function presentedJoinCode(headers: IncomingHttpHeaders): string | undefined {
  if (presentedKey(headers).kind !== 'none') return undefined;
  const name = requestedSubprotocols(headers['sec-websocket-protocol']).find((requested) =>
    requested.startsWith(joinSubprotocolPrefix),
  );
  return name?.slice(joinSubprotocolPrefix.length);
}

/** The subprotocols that an upgrade requests, in order (RFC 6455, section 11.3.4); empty elements are dropped. */
export function requestedSubprotocols(header: string | undefined): readonly string[] {
  return (header ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
