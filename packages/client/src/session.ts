import type {
  ClientMessageInput,
  JoinCodeChange,
  ServerMessage,
  SessionResumed,
  SessionStarted,
  SessionUsage,
} from '@parley/protocol';
import { awaitReply, type WaitOptions } from './await-reply.ts';
import type { Connection, ConnectionEvents } from './connection.ts';
import { UnansweredFinals } from './unanswered-finals.ts';

type Fields<Type extends ClientMessageInput['type']> = Omit<Extract<ClientMessageInput, { type: Type }>, 'type' | 'id'>;

export type StartOptions = Fields<'session.start'>;
export type ResumeOptions = Fields<'session.resume'>;
export type UpdateOptions = Omit<Fields<'session.update'>, 'joinCode'>;
export type PartialTranscript = Fields<'transcript.partial'>;
export type FinalTranscript = Fields<'transcript.final'>;

const defaultWaitMs = 10_000;

/**
 * A speaker's session. The caller assigns segment IDs and revisions: IDs increase, as do revisions within a segment.
 */
export class Session {
  readonly #connection: Connection;
  readonly #unanswered = new UnansweredFinals();
  #joinCodeUpdated: Promise<unknown> = Promise.resolve();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Listens for one type of server message, for every `message`, or for `closed`.
   *
   * @returns a function that removes the listener
   */
  on<Name extends keyof ConnectionEvents>(name: Name, listener: (event: ConnectionEvents[Name]) => void): () => void {
    return this.#connection.on(name, listener);
  }

  /**
   * Sends a hypothesis for the open segment. The server doesn't acknowledge it; a problem is reported as an
   * `error` event.
   *
   * @returns the `id` that such an `error` names as `causedBy`
   * @throws ConnectionClosedError
   */
  sendPartial(transcript: PartialTranscript): string {
    return this.#connection.send({ type: 'transcript.partial', ...transcript });
  }

  /**
   * Sends the final text of a segment; resolves when the server has accepted it. May be called again with the same
   * segment and text.
   *
   * @throws ServerError, ConnectionClosedError, DeadlineError, or the signal's reason
   */
  async sendFinal(transcript: FinalTranscript, wait: Partial<WaitOptions> = {}): Promise<void> {
    const { segmentId } = transcript;
    const id = this.#connection.send({ type: 'transcript.final', ...transcript });
    this.#unanswered.add(segmentId, id);
    try {
      await awaitReply(
        this.#connection,
        'transcript.accepted',
        id,
        (message) => this.#unanswered.tryAccept(id, message) || undefined,
        { timeoutMs: defaultWaitMs, ...wait },
      );
    } finally {
      this.#unanswered.remove(id);
    }
  }

  /**
   * Changes the options of whatever is sent next. The server doesn't acknowledge it; a problem is reported as an
   * `error` event.
   *
   * @returns the `id` that such an `error` names as `causedBy`
   * @throws ConnectionClosedError
   */
  update(options: UpdateOptions): string {
    return this.#connection.send({ type: 'session.update', ...options });
  }

  /**
   * Changes, closes or opens the join code.
   *
   * @returns the code by which listeners can join now; `undefined` if they can't
   * @throws ServerError, ConnectionClosedError, DeadlineError, or the signal's reason
   */
  updateJoinCode(joinCode: JoinCodeChange, wait: Partial<WaitOptions> = {}): Promise<string | undefined> {
    // The answer doesn't name its update, so there is only one at a time.
    const updated = this.#joinCodeUpdated.then(async () => {
      const id = this.#connection.send({ type: 'session.update', joinCode });
      const pick = (message: ServerMessage) => (message.type === 'session.updated' ? message : undefined);
      const options = { timeoutMs: defaultWaitMs, ...wait };
      return (await awaitReply(this.#connection, 'session.updated', id, pick, options)).joinCode;
    });
    this.#joinCodeUpdated = updated.catch(() => undefined);
    return updated;
  }

  /**
   * Ends the session. The translations of accepted finals arrive before this resolves; open partials are dropped.
   *
   * @returns the usage; the `session.ended` event also has the figures of `stability`
   * @throws ServerError, ConnectionClosedError, DeadlineError, or the signal's reason
   */
  async end(wait: Partial<WaitOptions> = {}): Promise<SessionUsage> {
    const id = this.#connection.send({ type: 'session.end' });
    return awaitReply(
      this.#connection,
      'session.ended',
      id,
      (message) => (message.type === 'session.ended' ? message.usage : undefined),
      { timeoutMs: defaultWaitMs, ...wait },
    );
  }
}

/** A session started on this connection. */
export class StartedSession extends Session {
  readonly started: SessionStarted;

  constructor(connection: Connection, started: SessionStarted) {
    super(connection);
    this.started = started;
  }
}

/** A session resumed on this connection. */
export class ResumedSession extends Session {
  readonly resumed: SessionResumed;

  constructor(connection: Connection, resumed: SessionResumed) {
    super(connection);
    this.resumed = resumed;
  }
}
