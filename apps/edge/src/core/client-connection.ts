import { closeCodes, errorMessage, parseClientMessage, type ClientMessage, type ServerMessage } from '@parley/protocol';
import type { Delivery } from '../delivery/delivery.ts';
import { handleMessage } from '../messages/handle-message.ts';
import type { EdgeDependencies } from './dependencies.ts';
import { leaveSession } from './leave-session.ts';
import type { JoinedSession } from './joined-session.ts';
import type { MessageContext } from './message-context.ts';
import type { OwnedSession } from './owned-session.ts';
import { Refusal, SessionLostError } from './refusal.ts';
import type { ClientIdentity, Socket, SocketHandler } from './socket.ts';

/** One client: its messages are done one after the other, in the order in which they came. */
export class ClientConnection implements SocketHandler {
  readonly #socket: Socket;
  readonly #client: ClientIdentity;
  readonly #deps: EdgeDependencies;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #hasOpened = false;
  #session: OwnedSession | undefined;
  #joined: JoinedSession | undefined;
  #isOver = false;
  #closed = false;

  constructor(socket: Socket, client: ClientIdentity, deps: EdgeDependencies) {
    this.#socket = socket;
    this.#client = client;
    this.#deps = deps;
  }

  message(frame: string, receivedAtMs: number): void {
    if (this.#closed) return;
    const parsed = parseClientMessage(frame);
    this.#deps.metrics.frameReceived(parsed.ok ? parsed.message.type : 'invalid');
    if (!parsed.ok) {
      this.#reply(parsed.error);
      return;
    }
    const { message } = parsed;
    if (!this.#hasOpened && !opensConversation(message)) {
      const said = `${message.type} before a session was started, resumed or joined`;
      this.#reply(errorMessage('session-not-started', said, { causedBy: message.id }));
      this.#close(closeCodes.badFirstMessage, 'the first message must open a session');
      return;
    }
    if (message.type !== 'ping') this.#hasOpened = true;
    if (this.#waiting >= this.#deps.limits.maxWaitingFrames) {
      this.#close(closeCodes.tooMuch, 'more messages than can be handled');
      return;
    }
    this.#waiting++;
    this.#last = this.#last.then(() => this.#handle(message, receivedAtMs)).finally(() => this.#waiting--);
  }

  frameRejected(code: 'frame-too-large' | 'not-text', message: string): void {
    this.#deps.metrics.frameReceived('invalid');
    this.#reply(errorMessage(code === 'not-text' ? 'not-json' : code, message));
  }

  /** The server behind Redis is another one, and may lack the last writes: the client tells what it holds. */
  resync(): void {
    if (this.#session !== undefined || this.#joined !== undefined) this.#reply({ type: 'session.resync' });
  }

  closed(): void {
    this.#closed = true;
    this.#last = this.#last.then(() => this.#letGo());
  }

  /** Resolves when every message that has come so far is done and, once closed, the session is let go. */
  settled(): Promise<void> {
    return this.#last;
  }

  async #handle(message: ClientMessage, receivedAtMs: number): Promise<void> {
    // What a client had sent before it left is done all the same: it may hold a final.
    this.#confirmToken();
    try {
      await handleMessage(message, this.#context(receivedAtMs));
    } catch (error) {
      this.#fail(message, error);
    }
  }

  #context(receivedAtMs: number): MessageContext {
    return {
      deps: this.#deps,
      client: this.#client,
      receivedAtMs,
      session: this.#session,
      joined: this.#joined,
      reply: (message) => this.#reply(message),
      deliver: (delivery) => this.#deliver(delivery),
      own: (session) => {
        this.#session = session;
        this.#isOver = false;
        this.#deps.metrics.sessionOpened();
      },
      join: (joined) => {
        this.#joined = joined;
        this.#isOver = false;
      },
      ended: () => {
        this.#isOver = true;
        this.#close(closeCodes.ended, 'the session has ended');
      },
      takenOver: () => this.#takenOver(undefined),
      lost: () => this.#lost(undefined),
    };
  }

  /** The first message after a start or a resume shows that the client has its token: those before it are good no more. */
  #confirmToken(): void {
    const session = this.#session;
    const tokenHash = session?.unconfirmedTokenHash;
    if (session === undefined || tokenHash === undefined) return;
    session.unconfirmedTokenHash = undefined;
    const { sessionId } = session.served;
    this.#deps.sessions.confirm(sessionId, session.owner.connection, tokenHash).catch((error: unknown) => {
      this.#deps.logger.warn({ err: error, sessionId }, 'a resume token could not be confirmed');
    });
  }

  #fail(message: ClientMessage, error: unknown): void {
    const causedBy = message.id;
    if (error instanceof Refusal) {
      this.#reply(errorMessage(error.code, error.message, { param: error.param, causedBy }));
      if (error.closeCode !== undefined) this.#close(error.closeCode, error.message);
    } else if (error instanceof SessionLostError) {
      if (error.reason === 'fenced') this.#takenOver(causedBy);
      else this.#lost(causedBy);
    } else {
      this.#deps.logger.error({ err: error, messageType: message.type }, 'a client message failed');
      const code = this.#deps.isRedisReady() ? 'internal' : 'temporarily-unavailable';
      this.#reply(errorMessage(code, 'the message could not be handled; it may be sent again', { causedBy }));
    }
  }

  #takenOver(causedBy: string | undefined): void {
    const said = 'another connection has taken the session over';
    this.#reply(errorMessage('session-taken-over', said, { causedBy }));
    this.#close(closeCodes.takenOver, said);
  }

  #lost(causedBy: string | undefined): void {
    this.#isOver = true;
    this.#reply(errorMessage('session-unknown', 'the session has ended or never was', { causedBy }));
    const left = this.#letGo();
    this.#last = this.#last.then(() => left);
  }

  #deliver(delivery: Delivery): void {
    if (!this.#closed) this.#send(delivery.frame);
  }

  #reply(message: ServerMessage): void {
    if (this.#closed) return;
    if (message.type === 'error') this.#deps.metrics.errorSent(message.code);
    this.#send(JSON.stringify(message));
  }

  #send(frame: string): void {
    this.#socket.send(frame);
    if (this.#socket.bufferedBytes > this.#deps.limits.maxUnreadBytes) {
      this.#close(closeCodes.slowConsumer, 'the client reads too slowly');
    }
  }

  #close(code: number, reason: string): void {
    if (!this.#closed) this.#socket.close(code, reason);
  }

  /** The session goes on without this socket: for its time of grace, or as long as others listen. */
  async #letGo(): Promise<void> {
    const [session, joined, isOver] = [this.#session, this.#joined, this.#isOver];
    this.#session = undefined;
    this.#joined = undefined;
    if (session !== undefined) this.#deps.metrics.sessionClosed();
    await leaveSession({ session, joined, isOver }, this.#deps);
  }
}

function opensConversation({ type }: ClientMessage): boolean {
  return type === 'session.start' || type === 'session.resume' || type === 'session.join' || type === 'ping';
}
