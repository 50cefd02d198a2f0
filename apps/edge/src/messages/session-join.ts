import { setTimeout as delay } from 'node:timers/promises';
import {
  canonicalJoinCode,
  closeCodes,
  undeterminedLanguage,
  type SessionJoin,
  type SessionJoined,
} from '@parley/protocol';
import type { LogEntry } from '@parley/redis/log';
import { secretHash } from '@parley/redis/access';
import { uniqueName } from '@parley/redis/connection';
import type { FoundCode } from '@parley/redis/session';
import { joinableCode, unjoinableTexts } from '../access/decide-join.ts';
import { findCounted } from '../access/find-counted.ts';
import { permitsSession } from '../access/permits-session.ts';
import { grantedLanguages } from '../core/granted-languages.ts';
import type { Connection, MessageContext, MessageHandler } from '../core/message-context.ts';
import { Refusal, SessionLostError } from '../core/refusal.ts';
import type { ClientIdentity } from '../core/socket.ts';
import type { JoinedSession } from '../core/session-binding.ts';
import { isListener } from '../core/socket.ts';
import { Delivery } from '../delivery/delivery.ts';
import { listenerAudience, Subscriber, type Audience } from '../delivery/subscriber.ts';
import type { ServedSession } from '../sessions/served-session.ts';
import { requireUnexpiredToken } from './require-session.ts';
import { requireOneSupported } from './require-supported.ts';

/** Number of finals per language that a new listener receives. */
const newestFinals = 5;
/** How long later messages wait until the log is delivered; reading it takes longer only without Redis. */
const attachWaitMs = 1000;

type LeaseResult = Exclude<Awaited<ReturnType<ServedSession['renewLease']>>, { status: 'gone' }>;

/** Joins a session; sent again on the same socket, it changes the languages or answers a `session.resync`. */
export const sessionJoin: MessageHandler<SessionJoin> = async (message, context) => {
  requireUnexpiredToken(context);
  if (context.binding.joined !== undefined) await join(message, context);
  else await context.deps.arrivals.letIn(() => join(message, context));
};

const join: MessageHandler<SessionJoin> = async (message, context) => {
  const { sessionId, joinCodeHash } = await sessionOf(message, context);
  const { connection, binding, deps } = context;
  const { owned, joined } = binding;
  if (owned !== undefined) throw new Refusal('session-already-started', 'this connection owns a session');
  if (joined !== undefined && joined.served.sessionId !== sessionId) {
    throw new Refusal('session-already-started', 'this connection listens to another session');
  }
  if (joined !== undefined) {
    joined.listener.joinCodeHash = joinCodeHash;
    const { lease, unsupported } = await requestLanguages(joined, message.targetLanguages, deps);
    const offset = offsetWithin(message, lease) ?? joined.subscriber.deliveredOffset;
    const attached = replyAndAttach(joined, lease, { offset, unsupported }, context, message);
    // A client that is about to leave pings next: the pong then tells that it has everything in the log.
    await Promise.race([attached, delay(attachWaitMs, undefined, { ref: false })]);
    return;
  }
  const seat = await takeSeat(sessionId, context);
  const served = await deps.served.enter(sessionId);
  try {
    const fresh = newListener(served, connection, { seat, joinCodeHash });
    const { lease, audience, unsupported } = await requestLanguages(fresh, message.targetLanguages, deps);
    const offset =
      offsetWithin(message, lease) ?? (await deps.log.offsetBeforeNewest(sessionId, targetFor(audience), newestFinals));
    served.feed.startAfter(lease.head);
    binding.join(fresh);
    void replyAndAttach(fresh, lease, { offset, unsupported }, context, message);
  } catch (error) {
    deps.served.leave(served);
    if (seat !== undefined) await deps.tenants.seats.leave(sessionId, seat);
    throw error;
  }
};

/**
 * Counts a client that may only listen among the listeners of the session.
 *
 * @returns the name under which it counts; `undefined` for other clients, which count as sockets of their tenant
 * @throws Refusal if the session has reached its limit of listeners
 */
async function takeSeat(sessionId: string, { connection, deps }: MessageContext): Promise<string | undefined> {
  if (!isListener(connection.client)) return undefined;
  const seat = uniqueName();
  if ((await deps.tenants.seats.enter(sessionId, seat)) === 'entered') return seat;
  const problem = 'this session has reached its limit of listeners';
  throw new Refusal('too-many-listeners', problem, undefined, closeCodes.overQuota);
}

/** The target that a final counts for if it is for this audience; otherwise `undefined`. */
function targetFor(audience: Audience): (entry: LogEntry) => string | undefined {
  return (entry) => {
    const delivery = new Delivery({ kind: 'log', offset: 0, entry });
    return audience(delivery) && !delivery.isCorrection ? delivery.subject?.target : undefined;
  };
}

interface CodedSession {
  readonly sessionId: string;
  readonly joinCodeHash: string;
}

/** @throws Refusal if nobody can join by the code now, or if the client has another one or a token for another session */
async function sessionOf(message: SessionJoin, { connection, binding, deps }: MessageContext): Promise<CodedSession> {
  const { client } = connection;
  // The code of a socket that was opened with a join code was checked then.
  const joinCode = canonicalJoinCode(message.joinCode);
  const joinCodeHash = secretHash(joinCode);
  // A code that was closed since remains good on this socket.
  const { joined } = binding;
  if (joined?.listener.joinCodeHash === joinCodeHash) return { sessionId: joined.served.sessionId, joinCodeHash };
  const isItsOwn = client.joinCode === undefined || canonicalJoinCode(client.joinCode) === joinCode;
  const find = async (codeHash: string): Promise<FoundCode | undefined> => {
    const found = isItsOwn ? await deps.joinCodes.find(codeHash) : undefined;
    const isOther = found !== undefined && found.status !== 'closed' && !isPermitted(found, client);
    return isOther ? undefined : found;
  };
  const { address } = client;
  const found = await findCounted(joinCodeHash, { address, codes: { find }, attempts: deps.joinAttempts });
  if (found === 'too-many-tries') {
    throw new Refusal('too-many-tries', 'too many wrong join codes from this address; try again in a minute');
  }
  const joinable = joinableCode(found, message.offset !== undefined);
  if (typeof joinable !== 'string') return { sessionId: joinable.sessionId, joinCodeHash };
  const code = joinable === 'not-started' ? joinable : 'join-code-unknown';
  throw new Refusal(code, unjoinableTexts[joinable], 'joinCode');
}

function isPermitted(found: Parameters<typeof permitsSession>[1], { token }: ClientIdentity): boolean {
  return token === undefined || permitsSession(token, found);
}

function newListener(
  served: ServedSession,
  connection: Connection,
  { seat, joinCodeHash }: { readonly seat: string | undefined; readonly joinCodeHash: string },
): JoinedSession {
  return {
    served,
    seat,
    listener: { languages: new Set(), joinCodeHash, events: connection },
    subscriber: new Subscriber(() => false, connection),
  };
}

interface Requested {
  readonly lease: LeaseResult;
  readonly audience: Audience;
  /** The listener's languages that the engine can't translate to. */
  readonly unsupported: readonly string[];
}

/**
 * Finds the session's languages for a listener and registers them in Redis. Languages that aren't offered are left
 * out.
 *
 * @throws Refusal if none is offered, if the engine can't translate to any, or if the code admits the listener no more; nothing
 *   is changed then
 * @throws Refusal or, for a listener that had joined, SessionLostError if the session is gone
 */
async function requestLanguages(
  { served, listener, subscriber }: JoinedSession,
  requested: readonly string[],
  deps: MessageContext['deps'],
): Promise<Requested> {
  const before = listener.languages;
  const isNew = !served.listeners.has(listener);
  const renewLease = async (): Promise<LeaseResult> => {
    const lease = await served.renewLease(deps);
    if (lease.status !== 'gone') {
      requireCode(listener.joinCodeHash, lease, isNew);
      return lease;
    }
    throw isNew ? new Refusal('join-code-unknown', 'the session has ended', 'joinCode') : new SessionLostError('gone');
  };
  try {
    const offer = await renewLease();
    listener.languages = new Set(grantedLanguages(requested, { ...offer.settings, ...offer }));
    served.listeners.add(listener);
    const lease = await renewLease();
    const { sourceLanguage, targetLanguages } = lease.settings;
    const offered = new Set([sourceLanguage, ...targetLanguages, ...lease.listenerTargets]);
    const granted = [...listener.languages];
    const languages = lease.ended ? granted : granted.filter((language) => offered.has(language));
    if (languages.length === 0) {
      const problem = `the session doesn't offer ${granted.join(', ')} to its listeners`;
      throw new Refusal('language-not-offered', problem, 'targetLanguages');
    }
    listener.languages = new Set(languages);
    served.giveUp([...before, ...granted].filter((language) => !listener.languages.has(language)));
    const unsupported = await requireOneSupported(
      deps.languages,
      sourceLanguage,
      languages.filter((language) => language !== undeterminedLanguage),
      { source: 'targetLanguages', targets: 'targetLanguages' },
    );
    const audience = listenerAudience(listener.languages, sourceLanguage);
    subscriber.follow(audience);
    return { lease, audience, unsupported };
  } catch (error) {
    served.giveUp(listener.languages);
    if (isNew) served.listeners.delete(listener);
    else listener.languages = before;
    await served.renewLease(deps).catch(() => undefined);
    throw error;
  }
}

/** @throws Refusal if the code was closed or changed, or leads to a newer session, since it was looked up */
function requireCode(joinCodeHash: string, { codeHash, openCodeHash }: LeaseResult, isNew: boolean): void {
  if (joinCodeHash === (isNew ? openCodeHash : codeHash)) return;
  // The room was taken by a session that is about to begin.
  const code = codeHash === '' ? 'not-started' : 'join-code-unknown';
  throw new Refusal(code, unjoinableTexts[code === 'not-started' ? code : 'closed'], 'joinCode');
}

/** Where a client continues: at its offset, or at the end of the log if Redis has lost the entries up to that offset. */
function offsetWithin({ offset }: SessionJoin, { head }: LeaseResult): number | undefined {
  return offset === undefined ? undefined : Math.min(offset, head);
}

function replyAndAttach(
  { served, subscriber, listener }: JoinedSession,
  lease: LeaseResult,
  { offset, unsupported }: { readonly offset: number; readonly unsupported: readonly string[] },
  context: MessageContext,
  message: SessionJoin,
): Promise<void> {
  const joined: SessionJoined = {
    type: 'session.joined',
    sessionId: served.sessionId,
    sourceLanguage: lease.settings.sourceLanguage,
    targetLanguages: [...listener.languages],
    ...(unsupported.length === 0 ? {} : { unsupportedLanguages: [...unsupported] }),
    offset: lease.head,
    recovered: message.offset === undefined || (message.offset >= lease.trimmedTo && message.offset <= lease.head),
  };
  context.connection.outbox.reply(joined, offset);
  return served.attach(subscriber, offset);
}
