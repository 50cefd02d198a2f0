import { randomBytes } from 'node:crypto';
import { maxTargetLanguages, type SessionStart } from '@parley/protocol';
import { secretHash } from '@parley/redis/access';
import type { SessionSettings } from '@parley/redis/session';
import type { MessageHandler } from '../core/message-context.ts';
import { grantedRoom } from '../core/granted-room.ts';
import { OwnedSession } from '../core/owned-session.ts';
import { Refusal } from '../core/refusal.ts';
import { newResumeToken } from '../sessions/session-secrets.ts';
import { requireNoSession, requireUnexpiredToken } from './require-session.ts';
import { requireOneSupported } from './require-supported.ts';
import { takeJoinCode } from './take-join-code.ts';
import { outstandingRefusal, releaseUnstarted, reserveForSession } from './within-quota.ts';

/** Time of the first session inspection; later ones are scheduled as needed. */
const firstInspectionMs = 30_000;
/** When a client should try again whose tenant has reserved its whole quota. */
const fullRetryMs = 5000;

export const sessionStart: MessageHandler<SessionStart> = async (message, context) => {
  const { deps, connection } = context;
  const { tenant } = connection.client;
  requireUnexpiredToken(context);
  requireNoSession(context, undefined);
  const room = grantedRoom(message.room, connection.client.token);
  const { type: _type, id: _id, room: _room, ...options } = message;
  const settings: SessionSettings = { v: 1, ...options, stability: options.stability ?? deps.stability };
  const { sourceLanguage, targetLanguages } = settings;
  const unsupportedLanguages = await requireOneSupported(deps.languages, sourceLanguage, targetLanguages, {
    source: 'sourceLanguage',
    targets: 'targetLanguages',
  });

  const sessionId = deps.newSessionId();
  const connectionId = randomBytes(12).toString('base64url');
  const resumeToken = newResumeToken();

  if ((await deps.tenants.sessions.enter(tenant, sessionId)) === 'full') {
    throw new Refusal('too-many-sessions', 'this key has reached its limit of open sessions');
  }
  // Subscribed before the session exists, so that no message is missed.
  const served = await deps.served.enter(sessionId);
  try {
    const reserved = await reserveForSession({ tenant, sessionId, settings }, deps);
    if (reserved === 'full') throw outstandingRefusal(fullRetryMs);
    const [code] = await Promise.all([
      takeJoinCode({ sessionId, tenant, room }, deps),
      deps.schedule.schedule(sessionId, firstInspectionMs),
      deps.directory.add(tenant, sessionId, Date.now()),
    ]);
    const resumeTokenHash = secretHash(resumeToken);
    const opened = { sessionId, connection: connectionId, tenant, settings, resumeTokenHash, room };
    const { head, ownedSince } = await deps.sessions.open({ ...opened, ...code, isCodeClosed: !code.isOpen });
    await code.releasePrevious();
    served.feed.startAfter(head);
    const ownership = { served, connectionId, tenant, ownedSince, settings, resumeTokenHash };
    const session = new OwnedSession(ownership, connection, deps.partialFilter);
    deps.joinAttempts.remember(code.joinCodeHash);
    connection.outbox.reply({
      type: 'session.started',
      sessionId,
      joinCode: code.joinCode,
      ...(code.isOpen ? {} : { joinCodeClosed: true as const }),
      resumeToken,
      offset: head,
      ...(unsupportedLanguages.length === 0 ? {} : { unsupportedLanguages }),
      limits: {
        maxFrameBytes: deps.limits.maxFrameBytes,
        maxTextChars: deps.limits.maxTextChars,
        maxTargetLanguages,
      },
    });
    context.binding.own(session);
    deps.logger.info({ sessionId, tenant, sourceLanguage, targetLanguages }, 'session started');
    void served.attach(session.subscriber, head);
  } catch (error) {
    deps.served.leave(served);
    await deps.tenants.sessions.leave(tenant, sessionId);
    await releaseUnstarted({ tenant, sessionId }, deps);
    throw error;
  }
};
