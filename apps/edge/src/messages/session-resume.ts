import { randomBytes } from 'node:crypto';
import { finalJobs } from '@parley/queues';
import { closeCodes, type SessionResume } from '@parley/protocol';
import { secretHash } from '@parley/redis/access';
import type { ResumeResult } from '@parley/redis/session';
import type { EdgeDependencies } from '../core/dependencies.ts';
import type { MessageContext, MessageHandler } from '../core/message-context.ts';
import { OwnedSession } from '../core/owned-session.ts';
import { Refusal, SessionLostError } from '../core/refusal.ts';
import { newResumeToken } from '../sessions/session-secrets.ts';
import { restoreJoinCode } from './change-join-code.ts';
import { requireNoSession, requirePermittedRoom } from './require-session.ts';
import { repairAfterMs } from './transcript-final.ts';

type Resumed = Extract<ResumeResult, { status: 'resumed' }> & { readonly resumeToken: string };

/** On a new socket the token authorizes the resume; the owner's own socket (after `session.resync`) needs none. */
export const sessionResume: MessageHandler<SessionResume> = async (message, context) => {
  const session = context.binding.owned;
  if (session?.served.sessionId === message.sessionId) await resumeOnSameSocket(message, session, context);
  else await resumeOnNewSocket(message, context);
};

async function resumeOnSameSocket(
  message: SessionResume,
  session: OwnedSession,
  context: MessageContext,
): Promise<void> {
  const resumed = await acquireOwnership(message, session.connectionId, session.ownedSince, context);
  session.ownedSince = resumed.ownedSince;
  session.settings = resumed.settings;
  session.ending = resumed.ending;
  session.unconfirmedTokenHash = secretHash(resumed.resumeToken);
  await restoreJoinCode(session, context);
  replyAndAttach(message, session, resumed, context);
}

async function resumeOnNewSocket(message: SessionResume, context: MessageContext): Promise<void> {
  requireNoSession(context, message.sessionId);
  await requirePermittedRoom(context, message.sessionId);
  const served = await context.deps.served.enter(message.sessionId);
  try {
    // By now the client may have resumed on another socket, from which this one must not take the session.
    if (context.connection.isClosed) {
      throw new Refusal('temporarily-unavailable', 'the socket closed before the session was resumed');
    }
    const connectionId = randomBytes(12).toString('base64url');
    const resumed = await acquireOwnership(message, connectionId, undefined, context);
    served.feed.startAfter(resumed.head);
    const { ownedSince, settings, ending } = resumed;
    const resumeTokenHash = secretHash(resumed.resumeToken);
    const { tenant } = context.connection.client;
    const ownership = { served, connectionId, tenant, ownedSince, settings, ending, resumeTokenHash };
    const session = new OwnedSession(ownership, context.connection, context.deps.partialFilter);
    context.binding.own(session);
    replyAndAttach(message, session, resumed, context);
  } catch (error) {
    context.deps.served.leave(served);
    throw error;
  }
}

/** Makes the connection the owner in Redis and restores missing jobs of accepted finals. */
async function acquireOwnership(
  { sessionId, resumeToken: presented, offset, held }: SessionResume,
  connectionId: string,
  ownedSince: string | undefined,
  { deps, connection }: MessageContext,
): Promise<Resumed> {
  const resumeToken = newResumeToken();
  const nextTokenHash = secretHash(resumeToken);
  const tokenHash = secretHash(presented);
  const result = await deps.resumption.resume({
    sessionId,
    tenant: connection.client.tenant,
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
        'the resume token is not the newest one of the session',
        'resumeToken',
        closeCodes.badResumeToken,
      );
    case 'gone':
    case 'fenced':
      throw new SessionLostError(result.status);
    case 'resumed':
      if (result.outstanding.length > 0) {
        await deps.schedule.schedule(sessionId, repairAfterMs);
        await deps.queues.addMissing(finalJobs(sessionId, result.outstanding));
      }
      // Finals that are named as accepted need not be sent again, so replicas must have them too.
      if (result.accepted.length > 0) await untilReplicated(sessionId, connectionId, deps);
      return { ...result, resumeToken };
  }
}

/** Never rejects: after a failover replicas may be missing for longer than a client should wait, which keeps its finals anyway. */
async function untilReplicated(sessionId: string, connectionId: string, { replicas }: EdgeDependencies): Promise<void> {
  await replicas.ownerKept(sessionId, connectionId).catch(() => undefined);
}

/** Replies, then delivers everything after the client's offset. */
function replyAndAttach(
  message: SessionResume,
  session: OwnedSession,
  resumed: Resumed,
  context: MessageContext,
): void {
  const { served, subscriber, debouncer } = session;
  served.learnPause(resumed.pause);
  const { head, accepted, missing, resumeToken } = resumed;
  // Redis may have lost what was sent.
  debouncer.forgetSent();
  // The edge that added the newest partials and the worker that took them may both have been killed.
  served.watchdog.requeueAll(performance.now());
  served.repeatAudience();
  const { sessionId } = message;
  context.connection.outbox.reply({
    type: 'session.resumed',
    sessionId,
    offset: head,
    recovered: resumed.recovered && message.offset <= head,
    accepted,
    missing,
    resumeToken,
  });
  // If Redis has lost the end of the log, waiting for the client's offset would withhold all new entries until then.
  void served.attach(subscriber, Math.min(message.offset, head));
}
