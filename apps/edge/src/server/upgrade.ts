import { STATUS_CODES, type IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { streamPath, subprotocol } from '@parley/protocol';
import type { AccessDecision, AccessRequest } from '../access/decide-access.ts';
import { requestedSubprotocols } from '../access/presented-key.ts';
import type { ClientAddress } from '@parley/config';
import type { RefusalReason } from '@parley/telemetry';
import type { ClientIdentity } from '../core/socket.ts';

export interface UpgradeRequest {
  /** Path and query of the request line. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The peer of the connection. */
  readonly remoteAddress: string;
}

export interface UpgradeRefusal {
  readonly accepted: false;
  readonly status: 400 | 401 | 403 | 404 | 425 | 429 | 503;
  readonly reason: string;
  /** As what the refusal is counted; `undefined` if it is counted elsewhere, or the client is not to blame. */
  readonly kind?: RefusalReason | undefined;
  /** When to try again, if that is known. */
  readonly retryAfterSeconds?: number | undefined;
}

export type UpgradeDecision = { readonly accepted: true; readonly client: ClientIdentity } | UpgradeRefusal;

/** When to ask again for a room without a session. */
export const notStartedRetrySeconds = 5;

/** Decides who may open a socket; may query Redis. */
export type AccessCheck = (request: AddressedRequest) => AccessDecision | Promise<AccessDecision>;

export interface AddressedRequest extends AccessRequest {
  /** The client's address according to trusted proxies, otherwise the peer's. */
  readonly address: string;
  /** Whether the client has listened before; then the query of the URL contains the `offset` that it has reached. */
  readonly isReturning?: boolean;
}

const goingAway = 'the edge is going away; connect to another one';

/** Decides whether a request may become a WebSocket of this protocol. Access is checked before the subprotocol. */
export async function decideUpgrade(
  request: UpgradeRequest,
  server: { readonly isClosing: () => boolean; readonly access: AccessCheck; readonly clientAddress: ClientAddress },
): Promise<UpgradeDecision> {
  if (server.isClosing()) return refused(503, goingAway);
  const [path, query] = request.url.split('?', 2);
  if (path !== streamPath) return refused(404, `WebSockets are served at ${streamPath}`, 'path');
  const address = server.clientAddress(request.remoteAddress, request.headers);
  const isReturning = new URLSearchParams(query).has('offset');
  const { headers, remoteAddress } = request;
  const access = await server.access({ headers, remoteAddress, address, isReturning });
  if (server.isClosing()) return refused(503, goingAway);
  if (!access.allowed) {
    const { status, reason } = access;
    const retryAfterSeconds = status === 425 ? notStartedRetrySeconds : access.retryAfterSeconds;
    return { ...refused(status, reason), retryAfterSeconds };
  }
  if (!requestedSubprotocols(request.headers['sec-websocket-protocol']).includes(subprotocol)) {
    return refused(400, `the WebSocket subprotocol ${subprotocol} must be requested for`, 'subprotocol');
  }
  const { tenant, joinCode, token, keyId } = access;
  return { accepted: true, client: { tenant, address, joinCode, token, keyId } };
}

function refused(status: UpgradeRefusal['status'], reason: string, kind?: RefusalReason): UpgradeRefusal {
  return { accepted: false, status, reason, kind };
}

/** Replies to an upgrade request with an HTTP error and closes the connection. */
export function refuseUpgrade(connection: Duplex, { status, reason, retryAfterSeconds }: UpgradeRefusal): void {
  const error = STATUS_CODES[status] ?? 'Error';
  const body = JSON.stringify({ statusCode: status, error, message: reason });
  const lines = [
    `HTTP/1.1 ${status} ${error}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    // RFC 9110, section 11.6.1: a 401 response names the authentication scheme.
    ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
    ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${retryAfterSeconds}`]),
  ];
  connection.once('finish', () => connection.destroy());
  connection.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
