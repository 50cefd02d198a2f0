import type { DegradedReason, ServerMessage, SessionJoined } from '@parley/protocol';
import type { CaptionMessage } from '../captions/caption-message.ts';
import { ServerError } from '../errors.ts';
import type { JoinOptions } from '../listener-session.ts';
import { ListenerState } from './listener-state.ts';
import { isNotStarted, isSessionLost } from './session-errors.ts';
import type { LiveEvents, LiveOptions } from './live-options.ts';
import { LiveConnection, type OpeningReply } from './live-connection.ts';
import { LiveReports } from './live-reports.ts';

export interface ListenerOptions extends JoinOptions, LiveOptions {}

const maxLeavingMs = 2000;

/**
 * A listener of another speaker's session that reconnects when its socket is lost. With the join code of a room, it waits until a
 * session begins, and follows the newest one.
 */
export class Listener implements AsyncDisposable {
  readonly #reports: LiveReports;
  readonly #state: ListenerState;
  readonly #connection: LiveConnection;
  #joined: SessionJoined | undefined;
  #isLeaving = false;
  #closed: Promise<void> | undefined;

  constructor(options: ListenerOptions) {
    const { joinCode, targetLanguages, offset } = options;
    this.#reports = new LiveReports(options);
    this.#state = new ListenerState({ joinCode, targetLanguages, ...(offset === undefined ? {} : { offset }) });
    this.#connection = new LiveConnection(options, {
      openingMessage: () => this.#state.openingMessage(),
      shouldReopen: () => false,
      shouldReconnect: () => false,
      shouldWait: isNotStarted,
      resumeOffset: () => this.#state.offset,
      onSent: (message) => this.#reports.sent(message),
      onConnecting: (attempt) => this.#reports.connecting(attempt),
      onOpened: (reply, isNew) => {
        if (this.#isLeaving) return;
        const how = this.#isOfOtherSession(reply) ? unrecovered(reply) : reply;
        if (this.#reports.opened(how, isNew)) this.#connection.ping();
      },
      onMessage: (message) => this.#handleMessage(message),
      onDisconnected: (error) => this.#reports.disconnected(error),
      onReconnecting: (error, waitMs) => this.#reports.reconnecting(error, waitMs),
      onWaiting: (waitMs) => this.#reports.waiting(waitMs),
      onClosed: (error) => this.#reports.closed(error),
    });
  }

  /** Resolves when the session is joined. */
  get opened(): Promise<undefined> {
    return this.#connection.opened;
  }

  /** Why the last attempt to connect or the last connection failed. */
  get lastError(): Error | undefined {
    return this.#connection.lastError;
  }

  /** @internal The caller has the session, and has had the time to ask for its captions. */
  handedOver(): void {
    this.#reports.handedOver();
  }

  /** The latest `session.joined`. */
  get joined(): SessionJoined {
    if (this.#joined === undefined) throw new Error('the session has not been joined yet');
    return this.#joined;
  }

  /** Why the session's service is currently reduced; `session.degraded` and `session.recovered` report changes. */
  get degraded(): readonly DegradedReason[] {
    return this.#reports.degraded;
  }

  /** Whether the speaker has paused the session; `session.paused` and `session.unpaused` report changes. */
  get isPaused(): boolean {
    return this.#reports.isPaused;
  }

  /** @returns a function that removes the listener */
  on<Name extends keyof LiveEvents>(name: Name, listener: (event: LiveEvents[Name]) => void): () => void {
    return this.#reports.on(name, listener);
  }

  /**
   * The captions from now on, each segment and language with its newest message: whoever reads slowly misses
   * revisions, but no final. Called as soon as the session is joined, it misses nothing. Ends with the session.
   *
   * @throws CaptionOverflowError while iterating, if 10,000 captions are unread; the error that closed the session
   */
  captions(): AsyncIterableIterator<CaptionMessage> {
    return this.#reports.captions();
  }

  /**
   * Leaves the session and stops reconnecting. What the session's log already contains is delivered first, so nothing
   * is lost if the speaker has just ended; this takes at most two seconds. Idempotent.
   */
  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /**
   * A browser drops whatever arrives after it has begun to close a socket, and the edge of this listener may be behind
   * that of the speaker. Joining again makes the edge read the log, and its reply to a ping follows what it read.
   */
  async #close(): Promise<void> {
    if (this.#joined !== undefined) {
      this.#isLeaving = true;
      await this.#connection.exchange(this.#state.openingMessage(), maxLeavingMs);
    }
    await this.#connection.close();
  }

  /** Whether the room of the join code has a newer session by now. */
  #isOfOtherSession({ sessionId }: OpeningReply): boolean {
    return this.#joined !== undefined && this.#joined.sessionId !== sessionId;
  }

  #handleMessage(message: ServerMessage): void {
    if (this.#isLeaving && (message.type === 'session.joined' || message.type === 'error')) return;
    if (message.type === 'session.joined') this.#joined = message;
    this.#reports.received(message, this.#state.handleMessage(message));
    if (message.type === 'error' && isSessionLost(message)) this.#connection.fail(new ServerError(message));
    if (message.type === 'session.resync') this.#connection.reopen();
    if (message.type === 'session.ended') {
      this.#reports.ended(message);
      void this.#connection.close();
    }
  }
}

/** What the session before has said since the connection was lost is missing. */
function unrecovered(reply: OpeningReply): OpeningReply {
  return reply.type === 'session.started' ? reply : { ...reply, recovered: false };
}
