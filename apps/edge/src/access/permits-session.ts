import type { TokenGrant } from './token.ts';

/**
 * Whether a token is for this session, or for a room without one: a token is restricted to its tenant, and may be to one
 * session or one room. Pure.
 */
export function permitsSession(
  token: TokenGrant,
  session: { readonly sessionId?: string; readonly tenant: string; readonly room?: string | undefined },
): boolean {
  return (
    token.tenant === session.tenant &&
    (token.sessionId ?? session.sessionId) === session.sessionId &&
    (token.room ?? session.room) === session.room
  );
}
