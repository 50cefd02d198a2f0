import type { ClientMessageInput, SessionResumed, SessionStarted, SessionUsage } from '@parley/protocol';
import { answer, type Wait } from './answer.ts';
import type { Connection, ConnectionEvents } from './connection.ts';
import { UnansweredFinals } from './unanswered-finals.ts';

type Fields<Type extends ClientMessageInput['type']> = Omit<Extract<ClientMessageInput, { type: Type }>, 'type' | 'id'>;

export type StartOptions = Fields<'session.start'>;
export type ResumeOptions = Fields<'session.resume'>;
export type UpdateOptions = Fields<'session.update'>;
export type PartialTranscript = Fields<'transcript.partial'>;
export type FinalTranscript = Fields<'transcript.final'>;

const defaultWaitMs = 10_000;

/**
 * One speaker's stream. Segment ids and revisions are the caller's: ids only grow, and so do revisions inside a segment.
 */
export class Session {
  readonly #connection: Connection;
  readonly #unanswered = new UnansweredFinals();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Listens to one type of server message, to every `message`, or to `closed`.
   *
   * @returns what takes the listener off again
   */
  on<Name extends keyof ConnectionEvents>(name: Name, listener: (event: ConnectionEvents[Name]) => void): () => void {
    return this.#connection.on(name, listener);
  }

  /**
   * Sends a hypothesis of the open segment. The server doesn't answer; what is wrong with it comes as an `error` event.
   *
   * @returns the `id` that such an `error` names as `causedBy`
   * @throws ConnectionClosedError
   */
  sendPartial(transcript: PartialTranscript): string {
    return this.#connection.send({ type: 'transcript.partial', ...transcript });
  }

  /**
   * Sends the settled text of a segment; resolves once it is safe with the server. The same segment with the same text
   * may be sent again.
   *
   * @throws ServerError, ConnectionClosedError, DeadlineError, or the reason of the signal
   */
  async sendFinal(transcript: FinalTranscript, wait: Partial<Wait> = {}): Promise<void> {
    const { segmentId } = transcript;
    const id = this.#connection.send({ type: 'transcript.final', ...transcript });
    this.#unanswered.sent(segmentId, id);
    try {
      await answer(
        this.#connection,
        'transcript.accepted',
        id,
        (message) => this.#unanswered.isAnswered(id, message) || undefined,
        { timeoutMs: defaultWaitMs, ...wait },
      );
    } finally {
      this.#unanswered.over(id);
    }
  }

  /**
   * Changes options for what follows. The server doesn't answer; what is wrong with it comes as an `error` event.
   *
   * @returns the `id` that such an `error` names as `causedBy`
   * @throws ConnectionClosedError
   */
  update(options: UpdateOptions): string {
    return this.#connection.send({ type: 'session.update', ...options });
  }

  /**
   * Ends the session: accepted finals are still translated and come before it resolves; open partials are dropped.
   *
   * @throws ServerError, ConnectionClosedError, DeadlineError, or the reason of the signal
   */
  async end(wait: Partial<Wait> = {}): Promise<SessionUsage> {
    const id = this.#connection.send({ type: 'session.end' });
    return answer(
      this.#connection,
      'session.ended',
      id,
      (message) => (message.type === 'session.ended' ? message.usage : undefined),
      { timeoutMs: defaultWaitMs, ...wait },
    );
  }
}

/** A session that this connection began. */
export class StartedSession extends Session {
  readonly started: SessionStarted;

  constructor(connection: Connection, started: SessionStarted) {
    super(connection);
    this.started = started;
  }
}

/** A session that this connection took up. */
export class ResumedSession extends Session {
  readonly resumed: SessionResumed;

  constructor(connection: Connection, resumed: SessionResumed) {
    super(connection);
    this.resumed = resumed;
  }
}
