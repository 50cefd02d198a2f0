import type { KeptTranscript } from '@parley/redis/transcript';
import type { FastifyRequest } from 'fastify';
import { decideJoin } from '../access/decide-join.ts';
import { reportedDecision } from '../refusals/reported-decision.ts';
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
  if (token?.scope === 'listen' && token.sessionId === undefined) {
    throw new HttpError('forbidden', 'this needs an API key, a join code, or a token for this session');
  }
  const session = await context.transcripts.find(sessionId);
  const isOwn = session?.tenant === tenant && (token?.sessionId ?? sessionId) === sessionId;
  if (session === undefined || !isOwn) {
    throw new HttpError('session-unknown', 'there is no session with this ID, or its transcript has expired');
  }
  return { session, reader: token?.scope === 'listen' ? 'listener' : 'host' };
}

/** The code stays valid as long as the transcript is kept. */
async function findByJoinCode(
  context: HttpApiContext,
  sessionId: string,
  joinCode: string,
  request: FastifyRequest,
): Promise<KeptTranscript> {
  const { transcripts, joinAttempts: attempts, clientAddress, refusals } = context;
  let session: KeptTranscript | undefined;
  const find = async (codeHash: string) => {
    session = await transcripts.find(sessionId);
    return session?.joinCodeHash === codeHash ? session : undefined;
  };
  const { address } = addressed(request, clientAddress);
  const decision = await decideJoin(joinCode, address, { codes: { find }, attempts });
  joined(reportedDecision(decision, address, refusals));
  if (session === undefined) throw new HttpError('join-code-unknown', 'no session has this join code');
  return session;
}
