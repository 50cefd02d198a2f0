import { undeterminedLanguage, type SessionJoin } from '@parley/protocol';
import type { LogEntry } from '@parley/redis/log';
import { secretHash } from '@parley/redis/access';
import { grantedLanguages } from '../core/granted-languages.ts';
import type { Connection, MessageContext, MessageHandler } from '../core/message-context.ts';
import { Refusal } from '../core/refusal.ts';
import type { JoinedSession } from '../core/session-binding.ts';
import { Delivery } from '../delivery/delivery.ts';
import { listenerAudience, Subscriber, type Audience } from '../delivery/subscriber.ts';
import type { ServedSession } from '../sessions/served-session.ts';
import { requireOneSupported } from './require-supported.ts';

/** Finals of each language that a listener gets who has seen nothing yet. */
const newestFinals = 5;

type Attended = Exclude<Awaited<ReturnType<ServedSession['renewLease']>>, { status: 'gone' }>;

/** Sent again on the same socket it changes the languages, or answers a `session.resync`. */
export const sessionJoin: MessageHandler<SessionJoin> = async (message, context) => {
  const sessionId = await sessionOf(message, context);
  const { connection, binding, deps } = context;
  const { owned, joined } = binding;
  if (owned !== undefined) throw new Refusal('session-already-started', 'this connection owns a session');
  if (joined !== undefined && joined.served.sessionId !== sessionId) {
    throw new Refusal('session-already-started', 'this connection listens to another session');
  }
  if (joined !== undefined) {
    const { attended, unsupported } = await requestLanguages(joined, message.targetLanguages, deps);
    const offset = message.offset ?? joined.subscriber.deliveredOffset;
    begin(joined, attended, { offset, unsupported }, context, message);
    return;
  }
  const served = await deps.served.enter(sessionId);
  try {
    const fresh = newListener(served, connection);
    const { attended, audience, unsupported } = await requestLanguages(fresh, message.targetLanguages, deps);
    const offset = message.offset ?? (await deps.log.offsetBeforeNewest(sessionId, targetFor(audience), newestFinals));
    served.feed.startAfter(attended.head);
    binding.join(fresh);
    begin(fresh, attended, { offset, unsupported }, context, message);
  } catch (error) {
    deps.served.leave(served);
    throw error;
  }
};

/** Of the entries that are for this audience: what each counts for. */
function targetFor(audience: Audience): (entry: LogEntry) => string | undefined {
  return (entry) => {
    const delivery = new Delivery({ kind: 'log', offset: 0, entry });
    return audience(delivery) ? delivery.subject?.target : undefined;
  };
}

async function sessionOf({ joinCode }: SessionJoin, { connection, deps }: MessageContext): Promise<string> {
  const { client } = connection;
  // A socket that was opened with a code is for that code: it was looked up then.
  const isItsOwn = client.joinCode === undefined || client.joinCode === joinCode;
  if (!deps.joinTries.allowed(client.address)) {
    throw new Refusal('too-many-tries', 'too many wrong join codes came from this address; try again in a minute');
  }
  const joined = isItsOwn ? await deps.joinCodes.find(secretHash(joinCode)) : undefined;
  if (joined === undefined) {
    deps.joinTries.failed(client.address);
    throw new Refusal('join-code-unknown', 'no session has this join code', 'joinCode');
  }
  return joined.sessionId;
}

function newListener(served: ServedSession, connection: Connection): JoinedSession {
  return {
    served,
    listener: { languages: new Set(), events: connection },
    subscriber: new Subscriber(() => false, connection),
  };
}

interface Requested {
  readonly attended: Attended;
  readonly audience: Audience;
  /** Of the listener's languages those that the engine can't translate to. */
  readonly unsupported: readonly string[];
}

/**
 * Finds the session's languages that serve what the listener asks for, and says in Redis that they are wanted. Those that
 * aren't offered are left out.
 *
 * @throws Refusal where none is offered, or the engine can't translate to any; then nothing has changed
 */
async function requestLanguages(
  { served, listener, subscriber }: JoinedSession,
  asked: readonly string[],
  deps: MessageContext['deps'],
): Promise<Requested> {
  const before = listener.languages;
  const isNew = !served.listeners.has(listener);
  try {
    const offer = await attend(served, deps);
    listener.languages = new Set(grantedLanguages(asked, { ...offer.settings, ...offer }));
    served.listeners.add(listener);
    const attended = await attend(served, deps);
    const { sourceLanguage, targetLanguages } = attended.settings;
    const offered = new Set([sourceLanguage, ...targetLanguages, ...attended.listenerTargets]);
    const granted = [...listener.languages];
    const languages = attended.ended ? granted : granted.filter((language) => offered.has(language));
    if (languages.length === 0) {
      const said = `the session doesn't offer ${granted.join(', ')} to its listeners`;
      throw new Refusal('language-not-offered', said, 'targetLanguages');
    }
    listener.languages = new Set(languages);
    const unsupported = await requireOneSupported(
      deps.languages,
      sourceLanguage,
      languages.filter((language) => language !== undeterminedLanguage),
      { source: 'targetLanguages', targets: 'targetLanguages' },
    );
    const audience = listenerAudience(listener.languages, sourceLanguage);
    subscriber.follow(audience);
    return { attended, audience, unsupported };
  } catch (error) {
    if (isNew) served.listeners.delete(listener);
    else listener.languages = before;
    await served.renewLease(deps).catch(() => undefined);
    throw error;
  }
}

async function attend(served: ServedSession, deps: MessageContext['deps']): Promise<Attended> {
  const attended = await served.renewLease(deps);
  if (attended.status === 'gone') throw new Refusal('join-code-unknown', 'the session has ended', 'joinCode');
  return attended;
}

function begin(
  { served, subscriber, listener }: JoinedSession,
  attended: Attended,
  { offset, unsupported }: { readonly offset: number; readonly unsupported: readonly string[] },
  context: MessageContext,
  message: SessionJoin,
): void {
  context.connection.outbox.reply({
    type: 'session.joined',
    sessionId: served.sessionId,
    sourceLanguage: attended.settings.sourceLanguage,
    targetLanguages: [...listener.languages],
    ...(unsupported.length === 0 ? {} : { unsupportedLanguages: [...unsupported] }),
    offset: attended.head,
    recovered: message.offset === undefined || message.offset >= attended.trimmedTo,
  });
  void served.attach(subscriber, offset);
}
