import { closeCodes } from '@parley/protocol';
import { answer, type Wait } from './answer.ts';
import type { Connection, ConnectionEvents } from './connection.ts';
import { Session, type StartOptions } from './session.ts';

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
  async startSession(options: StartOptions, wait: Partial<Wait> = {}): Promise<Session> {
    const id = this.#connection.send({ type: 'session.start', ...options });
    return answer(
      this.#connection,
      'session.started',
      id,
      (message) => (message.type === 'session.started' ? new Session(this.#connection, message) : undefined),
      { timeoutMs: defaultWaitMs, ...wait },
    );
  }

  /** Closes the socket and resolves when it is closed, or after two seconds where the server doesn't answer. Idempotent. */
  close(): Promise<void> {
    if (this.#connection.closed !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, closeWaitMs);
      this.#connection.on('closed', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#connection.close(closeCodes.ended);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
