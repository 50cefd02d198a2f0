import type { IncomingHttpHeaders } from 'node:http';
import { joinSubprotocolPrefix } from '@parley/protocol';
import { secretHash, type JoinCodes } from '@parley/state';
import type { JoinTries } from '../limits/join-tries.ts';
import type { AccessDecision } from './decide-access.ts';
import { presentedKey } from './presented-key.ts';
import { requestedSubprotocols } from './requested-subprotocols.ts';

/** The join code that an upgrade brings instead of a key, as a subprotocol `join.CODE`. */
export function presentedJoinCode(headers: IncomingHttpHeaders): string | undefined {
  if (presentedKey(headers).kind !== 'none') return undefined;
  const name = requestedSubprotocols(headers['sec-websocket-protocol']).find((requested) =>
    requested.startsWith(joinSubprotocolPrefix),
  );
  return name?.slice(joinSubprotocolPrefix.length);
}

/** A join code alone is the right to listen to its session: whoever brings it, from wherever. */
export async function decideJoin(
  joinCode: string,
  address: string,
  { codes, tries }: { codes: Pick<JoinCodes, 'find'>; tries: JoinTries },
): Promise<AccessDecision> {
  if (!tries.allowed(address)) return { allowed: false, status: 429, reason: 'too many wrong join codes' };
  const joined = await codes.find(secretHash(joinCode));
  if (joined !== undefined) return { allowed: true, tenant: joined.tenant, joinCode };
  tries.failed(address);
  return { allowed: false, status: 401, reason: 'no session has this join code' };
}
