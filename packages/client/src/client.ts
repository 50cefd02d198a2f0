import { closeCodes } from '@parley/protocol';
import { answer, type Wait } from './answer.ts';
import type { Connection, ConnectionEvents } from './connection.ts';
import { Listening, type JoinOptions } from './listening.ts';
import { ResumedSession, StartedSession, type ResumeOptions, type StartOptions } from './session.ts';

const defaultWaitMs = 10_000;
const closeWaitMs = 2000;

/** An open connection to an edge. */
export class Client implements AsyncDisposable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** As `on` of a session; here from before the session starts. */
  on<Name extends keyof ConnectionEvents>(name: Name, listener: (event: ConnectionEvents[Name]) => void): () => void {
    return this.#connection.on(name, listener);
  }

  /**
   * Starts a session; resolves at `session.started`.
   *
   * @throws ServerError, ConnectionClosedError, DeadlineError, or the reason of the signal
   */
  async startSession(options: StartOptions, wait: Partial<Wait> = {}): Promise<StartedSession> {
    const id = this.#connection.send({ type: 'session.start', ...options });
    return answer(
      this.#connection,
      'session.started',
      id,
      (message) => (message.type === 'session.started' ? new StartedSession(this.#connection, message) : undefined),
      { timeoutMs: defaultWaitMs, ...wait },
    );
  }

  /**
   * Takes up a session whose socket was lost, or, on the same socket, one that the server asked to resume; resolves at
   * `session.resumed`. What follows may come before the promise is looked at: add listeners first.
   *
   * @throws ServerError, ConnectionClosedError, DeadlineError, or the reason of the signal
   */
  async resumeSession(options: ResumeOptions, wait: Partial<Wait> = {}): Promise<ResumedSession> {
    // By name: what is handed in may well be a whole `session.started`.
    const { sessionId, resumeToken, offset, held } = options;
    const id = this.#connection.send({ type: 'session.resume', sessionId, resumeToken, offset, held });
    return answer(
      this.#connection,
      'session.resumed',
      id,
      (message) => (message.type === 'session.resumed' ? new ResumedSession(this.#connection, message) : undefined),
      { timeoutMs: defaultWaitMs, ...wait },
    );
  }

  /**
   * Listens to somebody else's session; resolves at `session.joined`. What follows may come before the promise is looked
   * at: add listeners first.
   *
   * @throws ServerError, ConnectionClosedError, DeadlineError, or the reason of the signal
   */
  async join(options: JoinOptions, wait: Partial<Wait> = {}): Promise<Listening> {
    const id = this.#connection.send({ type: 'session.join', ...options });
    return answer(
      this.#connection,
      'session.joined',
      id,
      (message) => (message.type === 'session.joined' ? new Listening(this.#connection, message) : undefined),
      { timeoutMs: defaultWaitMs, ...wait },
    );
  }

  /** Closes the socket and resolves when it is closed; one that the server doesn't close in two seconds is given up. Idempotent. */
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

  /** Cuts the socket without a closing handshake: the session is left to whoever resumes it. */
  terminate(): void {
    this.#connection.terminate();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
