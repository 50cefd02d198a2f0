import type { ClientAddress } from '@parley/config';
import type { FastifyRequest } from 'fastify';
import type { AccessDecision } from '../access/decide-access.ts';
import type { JoinDecision } from '../access/decide-join.ts';
import type { AddressedRequest } from '../server/upgrade.ts';
import { HttpError } from './http-error.ts';

/** Who sends a request. */
export type Caller = Extract<AccessDecision, { allowed: true }>;

const refusalCodes = { 401: 'unauthorized', 403: 'forbidden', 425: 'not-started', 429: 'too-many-tries' } as const;

/** Describes a request for an access check. */
export function addressed(request: FastifyRequest, clientAddress: ClientAddress): AddressedRequest {
  const remoteAddress = request.raw.socket.remoteAddress ?? '';
  return { headers: request.headers, remoteAddress, address: clientAddress(remoteAddress, request.headers) };
}

/** @throws HttpError if access was refused */
export function allowed(decision: AccessDecision): Caller {
  if (decision.allowed) return decision;
  throw accessError(decision);
}

function accessError({ status, reason, retryAfterSeconds }: Extract<AccessDecision, { allowed: false }>): HttpError {
  return new HttpError(refusalCodes[status], reason, undefined, retryAfterSeconds);
}

/**
 * A path with an unknown code does not exist; over the WebSocket the code is a credential.
 *
 * @throws HttpError if joining was refused
 */
export function joined(decision: JoinDecision): Extract<JoinDecision, { allowed: true }> {
  if (decision.allowed) return decision;
  throw decision.status === 401 ? new HttpError('join-code-unknown', decision.reason) : accessError(decision);
}
