import type { SessionUpdate } from '@parley/protocol';
import type { SessionSettings } from '@parley/redis/session';
import type { MessageHandler } from '../core/message-context.ts';
import { Refusal, SessionLostError } from '../core/refusal.ts';
import { changeJoinCode } from './change-join-code.ts';
import { requireLiveSession } from './require-session.ts';
import { requireOneSupported } from './require-supported.ts';

export const sessionUpdate: MessageHandler<SessionUpdate> = async (message, context) => {
  const session = requireLiveSession(context);
  const settings: SessionSettings = { ...session.settings, ...givenOptions(message) };
  await requireOneSupported(context.deps.languages, settings.sourceLanguage, settings.targetLanguages, {
    source: 'targetLanguages',
    targets: 'targetLanguages',
  });
  const { sessionId } = session.served;
  const status = await context.deps.sessions.update(sessionId, session.fencingToken, settings);
  if (status === 'gone' || status === 'fenced' || status === 'owner-lost') throw new SessionLostError(status);
  if (status === 'ending') throw new Refusal('session-ending', 'the session is ending');
  session.settings = settings;
  if (message.paused === true) session.debouncer.clear();
  // The same text may now have another translation, or additional ones.
  session.debouncer.forgetSent();
  if (message.joinCode !== undefined) await changeJoinCode(session, message.joinCode, context);
};

/** The options that the message sets. */
function givenOptions(message: SessionUpdate): Partial<SessionSettings> {
  const { type: _type, id: _id, joinCode: _joinCode, ...options } = message;
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
