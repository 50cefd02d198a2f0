import type { FoundCode } from '@parley/redis/session';
import type { KeptTranscript } from '@parley/redis/transcript';
import type { FastifyRequest } from 'fastify';
import { decideJoin } from '../access/decide-join.ts';
import { reportedDecision } from '../refusals/reported-decision.ts';
import { permitsSession } from '../access/permits-session.ts';
import type { TranscriptReader } from '../transcript/readable-languages.ts';
import { addressed, joined } from './caller.ts';
import type { HttpApiContext } from './http-api.ts';
import { HttpError } from './http-error.ts';

/**
 * Finds the transcript that a request may read: with a key or a token of its tenant, or with its join code.
 *
 * @throws HttpError also for a session of another tenant, so that nobody learns of it
 */
export async function authorizeReader(
  context: HttpApiContext,
  sessionId: string,
  joinCode: string | undefined,
  request: FastifyRequest,
): Promise<{ session: KeptTranscript; reader: TranscriptReader }> {
  if (joinCode !== undefined)
    return { session: await findByJoinCode(context, sessionId, joinCode, request), reader: 'listener' };
  const { tenant, token } = await context.authenticate(request);
  if (token?.scope === 'listen' && token.sessionId === undefined && token.room === undefined) {
    throw new HttpError('forbidden', 'this needs an API key, a join code, or a token for this session or its room');
  }
  const session = await context.transcripts.find(sessionId);
  const isPermitted = session !== undefined && (token === undefined || permitsSession(token, session));
  if (session?.tenant !== tenant || !isPermitted) {
    throw new HttpError('session-unknown', 'there is no session with this ID, or its transcript has expired');
  }
  return { session, reader: token?.scope === 'listen' ? 'listener' : 'host' };
}

/**
 * The code stays valid as long as the transcript is kept, unless it was closed or changed. The code of a room is that of all
 * sessions that were held in it, so it is looked up there.
 */
async function findByJoinCode(
  context: HttpApiContext,
  sessionId: string,
  joinCode: string,
  request: FastifyRequest,
): Promise<KeptTranscript> {
  const { transcripts, joinCodes, joinAttempts: attempts, clientAddress, refusals } = context;
  let session: KeptTranscript | undefined;
  const find = async (codeHash: string): Promise<FoundCode | undefined> => {
    session = await transcripts.find(sessionId);
    if (session === undefined) return undefined;
    const { tenant, hasEnded } = session;
    const isOwnCode = session.joinCodeHash === codeHash;
    const found = session.room === undefined && isOwnCode ? undefined : await joinCodes.find(codeHash);
    // The code of a session that has lost its room is forgotten soon after its end.
    const isOpen =
      session.room === undefined ? isOwnCode : isCodeOf(session, found) || (isOwnCode && found === undefined);
    if (isOpen) {
      return { status: 'open', sessionId, tenant, hasEnded };
    }
    return found?.status === 'closed' ? found : undefined;
  };
  const { address } = addressed(request, clientAddress);
  const decision = await decideJoin({ joinCode, address, isReturning: true }, { codes: { find }, attempts });
  joined(reportedDecision(decision, address, refusals));
  if (session === undefined) throw new HttpError('join-code-unknown', 'no session has this join code');
  return session;
}

/** Whether a code leads to this session or to its room. */
function isCodeOf({ sessionId, tenant, room }: KeptTranscript, found: FoundCode | undefined): boolean {
  if (found === undefined || found.status === 'closed') return false;
  const isInRoom = found.room === room && found.tenant === tenant;
  return isInRoom || (found.status === 'open' && found.sessionId === sessionId);
}
