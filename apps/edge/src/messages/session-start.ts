import { createHash, randomBytes } from 'node:crypto';
import { maxTargetLanguages, type SessionStart } from '@parley/protocol';
import type { SessionSettings } from '@parley/state';
import type { MessageHandler } from '../core/message-context.ts';
import { Refusal } from '../core/refusal.ts';
import { SessionFeed } from '../delivery/session-feed.ts';
import { requireSupported } from './require-supported.ts';

/** Crockford's base 32 without letters that are mistaken for digits: 32 characters, so a byte's lowest 5 bits choose one. */
const joinCodeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export const sessionStart: MessageHandler<SessionStart> = async (message, context) => {
  const { deps } = context;
  if (context.session !== undefined) {
    throw new Refusal('session-already-started', 'this connection has started a session already');
  }
  const { type: _type, id: _id, ...options } = message;
  const settings: SessionSettings = { v: 1, ...options };
  await requireSupported(deps.languages, settings.sourceLanguage, settings.targetLanguages);

  const sessionId = randomBytes(12).toString('base64url');
  const connection = randomBytes(12).toString('base64url');
  const resumeToken = randomBytes(24).toString('base64url');
  const resumeTokenHash = createHash('sha256').update(resumeToken).digest('hex');

  if ((await deps.tenants.sessions.enter(context.tenant, sessionId)) === 'full') {
    throw new Refusal('too-many-sessions', 'as many sessions are open as this key may have');
  }
  // Subscribed before it exists: nothing that is published for it can be missed.
  const feed = new SessionFeed({ sessionId, deps, send: context.reply, onEnded: context.ended });
  try {
    await feed.open();
    const { head } = await deps.sessions.open({
      sessionId,
      connection,
      tenant: context.tenant,
      settings,
      resumeTokenHash,
    });
    feed.startAfter(head);
    deps.metrics.sessionOpened();
    context.own({ sessionId, connection, feed, settings, ending: false });
    context.reply({
      type: 'session.started',
      sessionId,
      joinCode: joinCode(),
      resumeToken,
      offset: head,
      limits: {
        maxFrameBytes: deps.limits.maxFrameBytes,
        maxTextChars: deps.limits.maxTextChars,
        maxTargetLanguages,
      },
    });
  } catch (error) {
    await deps.tenants.sessions.leave(context.tenant, sessionId);
    await feed.close();
    throw error;
  }
};

function joinCode(): string {
  return Array.from(randomBytes(10), (byte) => joinCodeAlphabet[byte & 31]).join('');
}
