import { randomBytes } from 'node:crypto';
import { finalJobs } from '@parley/queues';
import { closeCodes, type SessionResume } from '@parley/protocol';
import { secretHash } from '@parley/redis/access';
import type { ResumeResult } from '@parley/redis/session';
import type { MessageContext, MessageHandler } from '../core/message-context.ts';
import { OwnedSession } from '../core/owned-session.ts';
import { Refusal, SessionLostError } from '../core/refusal.ts';
import { newResumeToken } from '../sessions/session-secrets.ts';
import { requireNoSession } from './require-session.ts';

type Resumed = Extract<ResumeResult, { status: 'resumed' }> & { readonly resumeToken: string };

/** On a new socket the token proves the right; on the owner's own socket (after `session.resync`) the edge vouches. */
export const sessionResume: MessageHandler<SessionResume> = async (message, context) => {
  const session = context.binding.owned;
  if (session?.served.sessionId === message.sessionId) await resumeHere(message, session, context);
  else await resumeFromElsewhere(message, context);
};

async function resumeHere(message: SessionResume, session: OwnedSession, context: MessageContext): Promise<void> {
  const resumed = await takeUp(message, session.connectionId, session.ownedSince, context);
  session.ownedSince = resumed.ownedSince;
  session.settings = resumed.settings;
  session.ending = resumed.ending;
  begin(message, session, resumed, context);
}

async function resumeFromElsewhere(message: SessionResume, context: MessageContext): Promise<void> {
  requireNoSession(context);
  const served = await context.deps.served.enter(message.sessionId);
  try {
    const connectionId = randomBytes(12).toString('base64url');
    const resumed = await takeUp(message, connectionId, undefined, context);
    served.feed.startAfter(resumed.head);
    const { ownedSince, settings, ending } = resumed;
    const resumeTokenHash = secretHash(resumed.resumeToken);
    const { tenant } = context.connection.client;
    const ownership = { served, connectionId, tenant, ownedSince, settings, ending, resumeTokenHash };
    const session = new OwnedSession(ownership, context.connection, context.deps.worth);
    context.binding.own(session);
    begin(message, session, resumed, context);
  } catch (error) {
    context.deps.served.leave(served);
    throw error;
  }
}

/** Makes the connection the owner in Redis, and puts the jobs of accepted finals back where they are missing. */
async function takeUp(
  { sessionId, resumeToken: presented, offset, held }: SessionResume,
  connectionId: string,
  ownedSince: string | undefined,
  { deps }: MessageContext,
): Promise<Resumed> {
  const resumeToken = newResumeToken();
  const nextTokenHash = secretHash(resumeToken);
  const tokenHash = secretHash(presented);
  const result = await deps.resumption.resume({
    sessionId,
    connection: connectionId,
    tokenHash,
    ownedSince,
    nextTokenHash,
    offset,
    held,
  });
  switch (result.status) {
    case 'wrong-token':
      throw new Refusal(
        'resume-token-wrong',
        "the resume token isn't the session's newest",
        'resumeToken',
        closeCodes.badResumeToken,
      );
    case 'gone':
    case 'fenced':
      throw new SessionLostError(result.status);
    case 'resumed':
      await deps.queues.repair(finalJobs(sessionId, result.outstanding), (data) =>
        deps.pending.renumber(data, data.number),
      );
      return { ...result, resumeToken };
  }
}

/** Answers, and then delivers what lies after the client's offset. */
function begin(message: SessionResume, session: OwnedSession, resumed: Resumed, context: MessageContext): void {
  const { served, subscriber, debouncer } = session;
  const { head, recovered, accepted, missing, resumeToken } = resumed;
  // Redis may have lost what was sent.
  debouncer.forgetSent();
  // Whoever had put the newest partials may be dead, and so may the worker that had them.
  served.watchdog.lookAtAll(performance.now());
  const { sessionId } = message;
  context.connection.outbox.reply({
    type: 'session.resumed',
    sessionId,
    offset: head,
    recovered,
    accepted,
    missing,
    resumeToken,
  });
  void served.attach(subscriber, message.offset);
}
