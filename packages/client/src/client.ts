import { closeCodes, type ClientMessageInput, type ServerMessage, type ServerMessageType } from '@parley/protocol';
import { awaitReply, type WaitOptions } from './await-reply.ts';
import type { Connection, ConnectionEvents } from './connection.ts';
import { correctionMessage, type SessionCorrection } from './correction-message.ts';
import { ListenerSession, type JoinOptions } from './listener-session.ts';
import { ResumedSession, StartedSession, type ResumeOptions, type StartOptions } from './session.ts';

const defaultWaitMs = 10_000;
const closeWaitMs = 2000;

/** An open connection to an edge. */
export class Client implements AsyncDisposable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Like `on` of a session, but also covers the time before the session starts. */
  on<Name extends keyof ConnectionEvents>(name: Name, listener: (event: ConnectionEvents[Name]) => void): () => void {
    return this.#connection.on(name, listener);
  }

  /**
   * Starts a session; resolves on `session.started`.
   *
   * @throws ServerError, ConnectionClosedError, DeadlineError, or the signal's reason
   */
  async startSession(options: StartOptions, wait: Partial<WaitOptions> = {}): Promise<StartedSession> {
    return this.#request(
      { type: 'session.start', ...options },
      'session.started',
      wait,
      (reply) => new StartedSession(this.#connection, reply),
    );
  }

  /**
   * Resumes a session after its socket was lost, or on the same socket after the server requested it; resolves on
   * `session.resumed`. Further messages can arrive before the caller sees the result, so add listeners first.
   *
   * @throws ServerError, ConnectionClosedError, DeadlineError, or the signal's reason
   */
  async resumeSession(options: ResumeOptions, wait: Partial<WaitOptions> = {}): Promise<ResumedSession> {
    // Picks the fields because callers may pass a whole `session.started` message.
    const { sessionId, resumeToken, offset, held } = options;
    return this.#request(
      { type: 'session.resume', sessionId, resumeToken, offset, held },
      'session.resumed',
      wait,
      (reply) => new ResumedSession(this.#connection, reply),
    );
  }

  /**
   * Joins another speaker's session as a listener; resolves on `session.joined`. Further messages can arrive
   * before the caller sees the result, so add listeners first.
   *
   * @throws ServerError, ConnectionClosedError, DeadlineError, or the signal's reason
   */
  async join(options: JoinOptions, wait: Partial<WaitOptions> = {}): Promise<ListenerSession> {
    return this.#request(
      { type: 'session.join', ...options },
      'session.joined',
      wait,
      (reply) => new ListenerSession(this.#connection, reply),
    );
  }

  /**
   * Corrects a session of the key's tenant; resolves when the correction is accepted. If the connection is lost first, send it
   * again with the same `correctionId`.
   *
   * @throws ServerError, ConnectionClosedError, DeadlineError, or the signal's reason
   */
  async correct(correction: SessionCorrection, wait: Partial<WaitOptions> = {}): Promise<void> {
    const message = correctionMessage(correction);
    const id = this.#connection.send(message);
    const isAccepted = (reply: ServerMessage): true | undefined =>
      (reply.type === 'correction.accepted' && reply.correctionId === message.correctionId) || undefined;
    const wanted = { timeoutMs: defaultWaitMs, ...wait };
    await awaitReply(this.#connection, 'correction.accepted', id, isAccepted, wanted);
  }

  /**
   * Closes the socket and resolves when it is closed. Terminates it if the server doesn't close it within two
   * seconds. Idempotent.
   */
  close(): Promise<void> {
    if (this.#connection.closed !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#connection.terminate();
        resolve();
      }, closeWaitMs);
      this.#connection.on('closed', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#connection.close(closeCodes.ended);
    });
  }

  /** Terminates the socket without a closing handshake; the session can be resumed later. */
  terminate(): void {
    this.#connection.terminate();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #request<Type extends ServerMessageType, Result>(
    message: ClientMessageInput,
    replyType: Type,
    wait: Partial<WaitOptions>,
    build: (reply: Extract<ServerMessage, { type: Type }>) => Result,
  ): Promise<Result> {
    const id = this.#connection.send(message);
    const pick = (reply: ServerMessage): Result | undefined =>
      reply.type === replyType ? build(reply as Extract<ServerMessage, { type: Type }>) : undefined;
    return awaitReply(this.#connection, replyType, id, pick, { timeoutMs: defaultWaitMs, ...wait });
  }
}
