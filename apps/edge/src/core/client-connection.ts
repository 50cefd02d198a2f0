import {
  closeCodes,
  errorMessage,
  parseClientMessage,
  type ClientMessage,
  type ErrorMessage,
  type IgnoredField,
  type ParseBounds,
} from '@parley/protocol';
import { uniqueName } from '@parley/redis/connection';
import { IgnoredFields } from '../limits/ignored-fields.ts';
import { workCost } from '../limits/frame-cost.ts';
import { Outbox } from '../delivery/outbox.ts';
import { handleMessage } from '../messages/handle-message.ts';
import type { EdgeDependencies } from './dependencies.ts';
import { ErrorReplies } from './error-replies.ts';
import { FrameAdmission } from './frame-admission.ts';
import type { Connection } from './message-context.ts';
import { MessageQueue } from './message-queue.ts';
import { SessionLostError } from './refusal.ts';
import { SessionBinding } from './session-binding.ts';
import { WaitingPartials } from './waiting-partials.ts';
import { isListener, type ClientIdentity, type RejectedFrame, type Socket, type SocketHandler } from './socket.ts';

/** Minimum time between two `session.resync` messages to a client. */
const resyncEveryMs = 1000;

/** How long a socket may stay open without a session. */
const maxIdleMs = 60_000;

/** One client connection; handles its messages one at a time, in order of arrival. */
export class ClientConnection implements SocketHandler, Connection {
  readonly client: ClientIdentity;
  readonly outbox: Outbox;
  readonly #deps: EdgeDependencies;
  readonly #laterReplies = new Set<Promise<void>>();
  readonly #binding: SessionBinding;
  readonly #errors: ErrorReplies;
  readonly #admission: FrameAdmission;
  /** The name under which this socket counts for its tenant. */
  readonly #member = uniqueName();
  readonly #queue: MessageQueue;
  readonly #waitingPartials: WaitingPartials;
  readonly #ignored = new IgnoredFields();
  readonly #parseBounds: ParseBounds;
  #hasOpened = false;
  #isRefused = false;
  #resyncDue = false;
  /** The session was lost while a message was being handled. */
  #lossDue = false;
  #resyncedAtMs = 0;
  #closed = false;
  #idleSinceMs: number | undefined;
  /** An operator who corrects sessions needs none of its own. */
  #hasCorrected = false;

  constructor(socket: Socket, client: ClientIdentity, deps: EdgeDependencies) {
    this.client = client;
    this.#deps = deps;
    const { limits, metrics, buffers } = deps;
    this.#parseBounds = { maxTextChars: limits.maxTextChars, isListener: isListener(client) };
    this.#waitingPartials = new WaitingPartials(limits.maxOpenSegments);
    const unread = buffers.open(() => this.outbox.closeAsSlow());
    this.outbox = new Outbox(socket, { maxUnreadBytes: limits.maxUnreadBytes, metrics, account: unread });
    this.#binding = new SessionBinding(deps, client.tenant);
    this.#errors = new ErrorReplies({ client, outbox: this.outbox, binding: this.#binding, deps });
    const onRefused = (): void => this.#errors.report('too-many-frames');
    this.#admission = new FrameAdmission({ client, socket, outbox: this.outbox, deps, onRefused }, Date.now());
    const waiting = buffers.open(() => {
      this.#queue.cut();
      this.#errors.report('too-much-buffered');
      this.outbox.close(closeCodes.tooMuch, 'too many messages are waiting');
    });
    this.#queue = new MessageQueue(limits, this.#countSocket(), waiting);
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  message(frame: string, receivedAtMs: number): void {
    const bytes = Buffer.byteLength(frame);
    if (this.#closed || !this.#admission.admits(frame, bytes, receivedAtMs)) return;
    const parsed = parseClientMessage(frame, this.#parseBounds);
    this.#deps.metrics.frameReceived(parsed.ok ? parsed.message.type : 'invalid');
    if (!parsed.ok) {
      const { error } = parsed;
      // What depends on the message alone is answered at once, and this where the message would have been handled.
      if (error.code === 'listen-only') this.#enqueue(bytes, () => this.#refuseInTurn(error));
      else this.#errors.send(error);
      return;
    }
    const { message, ignored } = parsed;
    this.charge(workCost(message.type));
    if (!this.#hasOpened && !opensConversation(message)) {
      const problem = `${message.type} before a session was started, resumed or joined`;
      this.outbox.reply(errorMessage('session-not-started', problem, { causedBy: message.id }));
      this.#errors.report('invalid-message');
      this.outbox.close(closeCodes.badFirstMessage, 'the first message must open a session');
      return;
    }
    if (message.type !== 'ping') this.#hasOpened = true;
    const isWorthHandling = this.#judgeInTurn(message);
    this.#enqueue(bytes, async () => {
      if (isWorthHandling()) await this.#handle(message, ignored, receivedAtMs);
      else this.#deps.metrics.partialIgnored('superseded');
    });
  }

  charge(frames: number): void {
    this.#admission.charge(frames);
  }

  frameRejected({ code, message, bytes, causedBy }: RejectedFrame): void {
    if (this.#closed || !this.#admission.admits(undefined, bytes, Date.now())) return;
    this.#deps.metrics.frameReceived('invalid');
    this.#errors.send(errorMessage(code === 'not-text' ? 'not-json' : code, message, { causedBy }));
  }

  /** Asks the client to report what it holds, because a different Redis server may lack the last writes. */
  resync(): void {
    // A connection that is about to be bound to a session is asked once it is bound.
    this.#resyncDue = this.#binding.isEmpty && !this.#queue.isEmpty;
    if (this.#binding.isEmpty || Date.now() - this.#resyncedAtMs < resyncEveryMs) return;
    this.#resyncedAtMs = Date.now();
    this.outbox.reply({ type: 'session.resync' });
  }

  takenOver(): void {
    this.#errors.failed({}, new SessionLostError('fenced'));
  }

  ownerLost(): void {
    this.resync();
  }

  sessionLost(): void {
    // A message in progress finds out by itself, and its own error is enough.
    if (this.#queue.isEmpty) this.#reportLoss();
    else this.#lossDue = true;
  }

  sessionEnded(): void {
    this.#binding.markEnded();
    this.outbox.close(closeCodes.ended, 'the session has ended');
  }

  joinCodeLost(reason: 'changed' | 'taken'): void {
    if (reason === 'changed') this.outbox.close(closeCodes.joinCodeChanged, 'the join code was changed');
    else this.outbox.close(closeCodes.roomTaken, 'a newer session has the join code; join again');
  }

  /** Closes the socket, because its API key, or the one that has made its token, was revoked. */
  keyRevoked(): void {
    this.#queue.cut();
    this.#errors.report('key-revoked');
    this.outbox.close(closeCodes.keyRevoked, 'the API key was revoked');
  }

  /** Closes the socket if it has had no session for too long. Called now and then. */
  closeIfIdle(nowMs: number): void {
    const isInUse = this.#hasCorrected || !this.#binding.isEmpty || !this.#queue.isEmpty;
    const isIdle = !this.#closed && !isInUse;
    this.#idleSinceMs = isIdle ? (this.#idleSinceMs ?? nowMs) : undefined;
    if (this.#idleSinceMs === undefined || nowMs - this.#idleSinceMs < maxIdleMs) return;
    this.#errors.report('no-session');
    this.outbox.close(closeCodes.silentTooLong, 'no session was opened');
  }

  drained(): void {
    this.outbox.drained();
  }

  closed(hasLeft: boolean): void {
    this.#closed = true;
    this.outbox.socketClosed();
    this.#admission.close(Date.now());
    this.#queue.addLast(async () => {
      await this.#binding.release(hasLeft);
      await this.#members.leave(this.client.tenant, this.#member);
    });
  }

  /** Resolves when every message received so far is handled and, once closed, the session is released. */
  async idle(): Promise<void> {
    await this.#queue.idle();
    await Promise.all(this.#laterReplies);
  }

  replyLater(message: ClientMessage, reply: Promise<void>): void {
    const replied = reply
      .catch((error: unknown) => this.#errors.failed(message, error))
      .finally(() => this.#laterReplies.delete(replied));
    this.#laterReplies.add(replied);
  }

  /** Counts the socket for its tenant; the first message waits for this. */
  async #countSocket(): Promise<void> {
    if ((await this.#members.enter(this.client.tenant, this.#member)) === 'entered') return;
    this.#isRefused = true;
    const [code, message, reason] = isListener(this.client)
      ? (['too-many-listeners', 'the host has reached its limit of listeners', 'too many listeners'] as const)
      : (['too-many-sockets', 'this key has reached its limit of open sockets', 'too many sockets'] as const);
    this.#errors.send(errorMessage(code, message));
    this.outbox.close(closeCodes.overQuota, reason);
  }

  get #members(): EdgeDependencies['tenants']['sockets'] {
    const { listeners, sockets } = this.#deps.tenants;
    return isListener(this.client) ? listeners : sockets;
  }

  #enqueue(bytes: number, handle: () => Promise<void>): void {
    if (this.#queue.add(bytes, handle)) return;
    this.#errors.report('too-many-waiting');
    this.outbox.close(closeCodes.tooMuch, 'too many messages are waiting');
  }

  /** Returns what tells, when it is the message's turn, whether it is still worth handling. */
  #judgeInTurn(message: ClientMessage): () => boolean {
    if (message.type === 'transcript.partial') return this.#waitingPartials.add(message.segmentId, message.revision);
    if (message.type === 'session.start' || message.type === 'session.resume') this.#waitingPartials.sessionChanges();
    return () => true;
  }

  async #handle(message: ClientMessage, ignored: readonly IgnoredField[], receivedAtMs: number): Promise<void> {
    if (this.#isRefused) return;
    // A resume also tells which finals are accepted, and those of a session that was lost are not those of the next one.
    if (!isTranscript(message)) await Promise.all(this.#laterReplies);
    // Messages that arrived before the socket closed are still handled, because they may contain a final. A
    // resume or ping may have been sent before the reply with the token arrived.
    if (message.type !== 'session.resume' && message.type !== 'ping') this.#binding.confirmToken();
    try {
      await handleMessage(message, { deps: this.#deps, connection: this, binding: this.#binding, receivedAtMs });
      this.#hasCorrected ||= message.type === 'transcript.correct';
    } catch (error) {
      this.#errors.failed(message, error);
      if (error instanceof SessionLostError && error.reason === 'gone') this.#releaseSession();
      if (error instanceof SessionLostError && error.reason === 'owner-lost') this.ownerLost();
    }
    for (const notice of this.#ignored.noticesFor(message, ignored)) this.outbox.reply(notice);
    if (this.#lossDue) this.#reportLoss();
    if (this.#resyncDue) this.resync();
  }

  #refuseInTurn(error: ErrorMessage): Promise<void> {
    if (!this.#isRefused) this.#errors.send(error);
    return Promise.resolve();
  }

  #reportLoss(): void {
    this.#lossDue = false;
    if (this.#binding.isEmpty) return;
    this.#errors.failed({}, new SessionLostError('gone'));
    this.#releaseSession();
  }

  /** Keeps the socket open: the client may start or join another session on it. */
  #releaseSession(): void {
    this.#binding.markEnded();
    const released = this.#binding.release(false);
    this.#queue.addLast(() => released);
  }
}

function isTranscript({ type }: ClientMessage): boolean {
  return type === 'transcript.partial' || type === 'transcript.final';
}

function opensConversation(message: ClientMessage): boolean {
  const { type } = message;
  if (type === 'transcript.correct') return message.sessionId !== undefined;
  return type === 'session.start' || type === 'session.resume' || type === 'session.join' || type === 'ping';
}
