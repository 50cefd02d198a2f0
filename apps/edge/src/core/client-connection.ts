import { randomBytes } from 'node:crypto';
import { closeCodes, errorMessage, parseClientMessage, type ClientMessage, type ServerMessage } from '@parley/protocol';
import { Outbox } from '../delivery/outbox.ts';
import { post } from '../delivery/post.ts';
import { FrameGate } from '../limits/frame-gate.ts';
import { messageId } from '../limits/message-id.ts';
import { handleMessage } from '../messages/handle-message.ts';
import type { EdgeDependencies } from './dependencies.ts';
import type { OwnedSession } from './owned-session.ts';
import { Refusal, SessionLostError } from './refusal.ts';
import type { ClientIdentity, Socket, SocketHandler } from './socket.ts';

/** One client: its messages are done one after the other, in the order in which they came. */
export class ClientConnection implements SocketHandler {
  readonly #socket: Socket;
  readonly #client: ClientIdentity;
  readonly #deps: EdgeDependencies;
  readonly #outbox: Outbox;
  readonly #gate: FrameGate;
  /** What this socket is counted under for its tenant. */
  readonly #member = randomBytes(9).toString('base64url');
  #last: Promise<void>;
  #waiting = 0;
  #waitingBytes = 0;
  #turnedAway = false;
  #session: OwnedSession | undefined;
  #closed = false;

  constructor(socket: Socket, client: ClientIdentity, deps: EdgeDependencies) {
    this.#socket = socket;
    this.#client = client;
    this.#deps = deps;
    this.#outbox = new Outbox(socket, { maxUnreadBytes: deps.limits.maxUnreadBytes, metrics: deps.metrics });
    this.#gate = new FrameGate(deps.limits.frameRate, Date.now());
    this.#last = this.#enter();
  }

  message(frame: string, receivedAtMs: number): void {
    if (this.#closed || !this.#admits(frame, receivedAtMs)) return;
    const parsed = parseClientMessage(frame);
    this.#deps.metrics.frameReceived(parsed.ok ? parsed.message.type : 'invalid');
    if (!parsed.ok) {
      this.#reply(parsed.error);
      return;
    }
    const { message } = parsed;
    if (this.#session === undefined && this.#waiting === 0 && !opensConversation(message)) {
      this.#reply(
        errorMessage('session-not-started', `${message.type} before session.start`, { causedBy: message.id }),
      );
      this.#close(closeCodes.badFirstMessage, 'the first message must be session.start');
      return;
    }
    const { maxWaitingFrames, maxWaitingBytes } = this.#deps.limits;
    if (this.#waiting >= maxWaitingFrames || this.#waitingBytes >= maxWaitingBytes) {
      this.#close(closeCodes.tooMuch, 'more messages than can be handled');
      return;
    }
    const bytes = Buffer.byteLength(frame);
    this.#waiting++;
    this.#waitingBytes += bytes;
    this.#last = this.#last
      .then(() => this.#handle(message, receivedAtMs))
      .finally(() => {
        this.#waiting--;
        this.#waitingBytes -= bytes;
      });
  }

  frameRejected(code: 'frame-too-large' | 'not-text', message: string): void {
    if (this.#closed || !this.#admits(undefined, Date.now())) return;
    this.#deps.metrics.frameReceived('invalid');
    this.#reply(errorMessage(code === 'not-text' ? 'not-json' : code, message));
  }

  closed(): void {
    this.#closed = true;
    this.#last = this.#last.then(() => this.#letGo());
  }

  /** Resolves when every message that has come so far is done and, once closed, the session is let go. */
  settled(): Promise<void> {
    return this.#last;
  }

  /** The first message waits for this. */
  async #enter(): Promise<void> {
    if ((await this.#deps.tenants.sockets.enter(this.#client.tenant, this.#member)) === 'entered') return;
    this.#turnedAway = true;
    this.#reply(errorMessage('too-many-sockets', 'as many sockets are open as this key may have'));
    this.#close(closeCodes.overQuota, 'too many sockets');
  }

  #admits(frame: string | undefined, nowMs: number): boolean {
    const verdict = this.#gate.decide(nowMs);
    if (verdict === 'admitted') return true;
    this.#deps.metrics.frameReceived('refused');
    if (verdict === 'abuse') {
      this.#close(closeCodes.tooMuch, 'far more messages than are allowed');
    } else if (verdict === 'refused') {
      const { perSecond, burst } = this.#deps.limits.frameRate;
      const causedBy = frame === undefined ? undefined : messageId(frame);
      const allowed = `${perSecond} messages a second are allowed, ${burst} at once`;
      this.#reply(errorMessage('too-many-frames', allowed, { causedBy }));
    }
    return false;
  }

  async #handle(message: ClientMessage, receivedAtMs: number): Promise<void> {
    if (this.#turnedAway) return;
    // What a client had sent before it left is done all the same: it may hold a final.
    try {
      await handleMessage(message, {
        deps: this.#deps,
        tenant: this.#client.tenant,
        receivedAtMs,
        session: this.#session,
        reply: (reply) => this.#reply(reply),
        own: (session) => (this.#session = session),
        ended: () => this.#close(closeCodes.ended, 'the session has ended'),
      });
    } catch (error) {
      this.#fail(message, error);
    }
  }

  #fail(message: ClientMessage, error: unknown): void {
    const causedBy = message.id;
    if (error instanceof Refusal) {
      this.#reply(errorMessage(error.code, error.message, { param: error.param, causedBy }));
    } else if (error instanceof SessionLostError) {
      const code = error.reason === 'gone' ? 'session-unknown' : 'session-taken-over';
      this.#reply(errorMessage(code, error.message, { causedBy }));
      this.#close(error.reason === 'gone' ? closeCodes.ended : closeCodes.takenOver, error.message);
    } else {
      this.#deps.logger.error({ err: error, messageType: message.type }, 'a client message failed');
      const code = this.#deps.isRedisReady() ? 'internal' : 'temporarily-unavailable';
      this.#reply(errorMessage(code, 'the message could not be handled; it may be sent again', { causedBy }));
    }
  }

  #reply(message: ServerMessage): void {
    if (this.#closed) return;
    if (message.type === 'error') this.#deps.metrics.errorSent(message.code);
    post(this.#outbox, message, JSON.stringify(message));
  }

  #close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#socket.close(code, reason);
  }

  /** A lost socket ends its session: accepted finals are still finished, open partials are dropped. */
  async #letGo(): Promise<void> {
    await this.#deps.tenants.sockets.leave(this.#client.tenant, this.#member);
    const session = this.#session;
    if (session === undefined) return;
    this.#session = undefined;
    this.#deps.metrics.sessionClosed();
    try {
      await session.feed.close();
      await this.#deps.sessions.end(session.sessionId, session.connection);
    } catch (error) {
      this.#deps.logger.warn({ err: error, sessionId: session.sessionId }, 'a session could not be ended');
    }
    await this.#deps.tenants.sessions.leave(this.#client.tenant, session.sessionId);
  }
}

function opensConversation(message: ClientMessage): boolean {
  return message.type === 'session.start' || message.type === 'ping';
}
