import {
  closeCodes,
  type DegradedReason,
  type JoinCodeChange,
  type ServerMessage,
  type SessionEnded,
  type SessionStarted,
  type SessionUsage,
} from '@parley/protocol';
import type { WaitOptions } from '../await-reply.ts';
import type { CaptionMessage } from '../captions/caption-message.ts';
import { correctionMessage, type Correction } from '../correction-message.ts';
import { ConnectionClosedError, ServerError } from '../errors.ts';
import type { FinalTranscript, PartialTranscript, StartOptions, UpdateOptions } from '../session.ts';
import type { ApiKeySource } from './api-key.ts';
import { backoffMs, defaultBackoff, requestedWaitMs } from './backoff.ts';
import { JoinCodeUpdates } from './join-code-updates.ts';
import { isOnlySessionLost, isSessionLost, isTakeover } from './session-errors.ts';
import type { LiveEvents, LiveOptions } from './live-options.ts';
import { LiveConnection } from './live-connection.ts';
import { LiveReports } from './live-reports.ts';
import type { Audience } from './reported-audience.ts';
import type { SavedSession } from './saved-session.ts';
import { SpeakerState } from './speaker-state.ts';
import { Waiters } from './waiters.ts';

export interface LiveSessionOptions extends StartOptions, LiveOptions {
  /** A key or token, or a function that returns one; it is called before each attempt to connect. */
  readonly apiKey?: ApiKeySource | undefined;
}

const defaultWaitMs = 60_000;

/**
 * A speaker's session that survives the loss of its socket. The caller assigns segment IDs and revisions, as with
 * `Session`.
 */
export class LiveSession implements AsyncDisposable {
  readonly #reports: LiveReports;
  readonly #acceptances = new Waiters<number, undefined>('transcript.accepted');
  readonly #corrections = new Waiters<string, undefined>('correction.accepted');
  readonly #endings = new Waiters<'end', SessionUsage | undefined>('session.ended');
  readonly #options: LiveSessionOptions;
  readonly #state: SpeakerState;
  readonly #connection: LiveConnection;
  readonly #joinCodeUpdates: JoinCodeUpdates;
  #started: SessionStarted | undefined;
  #joinCode: string | undefined;
  #wasOpen = false;
  #closed: { readonly error: Error | undefined } | undefined;
  #ending: Promise<SessionUsage | undefined> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #refusals = 0;
  /** How often the server has lost the session since it last accepted a final. */
  #losses = 0;

  /** @param saved the session to continue, which is not replaced by a new one if the server no longer knows it */
  constructor(options: LiveSessionOptions, saved?: SavedSession) {
    this.#options = options;
    this.#started = saved?.started;
    this.#joinCode = saved?.started.joinCodeClosed === true ? undefined : saved?.started.joinCode;
    this.#reports = new LiveReports(options);
    this.#state = new SpeakerState(startOptions(options), saved);
    this.#joinCodeUpdates = new JoinCodeUpdates(() => this.#state.nextId());
    this.#connection = new LiveConnection(options, {
      openingMessage: () => this.#state.openingMessage(),
      shouldReopen: (error) => isSessionLost(error) && this.#isUnfinished,
      shouldReconnect: (error) => (isTakeover(error) ? this.#state.excuseTakeover() : this.#forgetUnresumable(error)),
      onSent: (message) => this.#reports.sent(message),
      onConnecting: (attempt) => this.#reports.connecting(attempt),
      onOpened: (reply, isNew) => {
        this.#wasOpen = true;
        if (this.#reports.opened(reply, isNew)) this.#connection.ping();
      },
      shouldWait: () => false,
      resumeOffset: () => undefined,
      onReconnecting: (error, waitMs) => this.#reports.reconnecting(error, waitMs),
      onWaiting: () => undefined,
      onMessage: (message) => this.#handleMessage(message),
      onDisconnected: (error) => {
        this.#state.handleDisconnect();
        this.#reports.disconnected(error);
      },
      onClosed: (error) => this.#handleClosed(error),
    });
  }

  /** Resolves when the session has started. */
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

  /**
   * The `session.started` of the newest session; a new one is started if the server no longer knows the previous
   * one.
   */
  get started(): SessionStarted {
    if (this.#started === undefined) throw new Error('the session has not started yet');
    return this.#started;
  }

  /** The code by which listeners can join now; `undefined` if they can't. */
  get joinCode(): string | undefined {
    return this.#joinCode;
  }

  /**
   * The state with which `resumeLiveSession` continues this session elsewhere. It changes with every final, with the
   * results of finals and with every connection: save it again after each `message` and `sent`, and before the page goes.
   *
   * The timeout and the signal of `sendFinal`, `correct` and `updateJoinCode` only end the wait: the message is still sent,
   * also on later connections, until the server has answered it. Elsewhere only finals, `update` and the pause are repeated:
   * a correction or a change of the join code without an answer must be made again there.
   *
   * @returns `undefined` before the session has started, and while the server is asked for a new one
   */
  saved(): SavedSession | undefined {
    const saved = this.#state.saved;
    if (saved === undefined || this.#started === undefined) return undefined;
    const { resumeToken, ...state } = saved;
    const { joinCodeClosed, ...started } = this.#started;
    const door = this.#joinCode === undefined ? { joinCodeClosed: true as const } : { joinCode: this.#joinCode };
    return { started: { ...started, resumeToken, ...door }, ...state };
  }

  /** Why the session's service is currently reduced; `session.degraded` and `session.recovered` report changes. */
  get degraded(): readonly DegradedReason[] {
    return this.#reports.degraded;
  }

  /**
   * Whether the session is paused: as last requested by `update`, or as the server says. `session.paused` and
   * `session.unpaused` report when a change takes effect.
   */
  get isPaused(): boolean {
    return this.#state.requestedPause ?? this.#reports.isPaused;
  }

  /** Who listens, as last reported by the event `session.listeners`. */
  get audience(): Audience {
    return this.#reports.audience;
  }

  /** @returns a function that removes the listener */
  on<Name extends keyof LiveEvents>(name: Name, listener: (event: LiveEvents[Name]) => void): () => void {
    return this.#reports.on(name, listener);
  }

  /**
   * The captions from now on, each segment and language with its newest message: whoever reads slowly misses
   * revisions, but no final. Called as soon as the session has started, it misses nothing. Ends with the session.
   *
   * @throws CaptionOverflowError while iterating, if 10,000 captions are unread; the error that closed the session
   */
  captions(): AsyncIterableIterator<CaptionMessage> {
    return this.#reports.captions();
  }

  /**
   * Sends a hypothesis for the open segment. After a reconnect the newest one is sent again, with a new `id`.
   *
   * @returns the `id` that an `error` event about it names as `causedBy`; `undefined` while disconnected or paused, when it
   *   isn't sent
   */
  sendPartial(transcript: PartialTranscript): string | undefined {
    const message = this.#state.addPartial(transcript);
    if (message !== undefined) this.#connection.send([message]);
    return message?.id;
  }

  /**
   * Sends the final text of a segment, repeatedly if necessary; resolves when the server has accepted it. The
   * timeout (default 60,000 ms) and the signal only end the wait: see `saved`.
   *
   * @throws ServerError if the server refuses it permanently, or with `session-paused` during a pause; the error that
   *   closed the session; DeadlineError, or the signal's reason
   */
  async sendFinal(transcript: FinalTranscript, wait: Partial<WaitOptions> = {}): Promise<void> {
    if (this.#closed !== undefined) throw closedError(this.#closed.error);
    wait.signal?.throwIfAborted();
    this.#requireSendable(transcript);
    const { send, isAccepted } = this.#state.addFinal(transcript);
    if (isAccepted) return;
    const accepted = this.#acceptances.wait(transcript.segmentId, { timeoutMs: defaultWaitMs, ...wait });
    this.#connection.send(send);
    await accepted;
  }

  /**
   * Corrects the text of a segment whose final was accepted, or one of its translations; resolves when the server has accepted the
   * correction. It is sent again after a reconnect. The timeout (default 60,000 ms) and the signal only end the wait: see
   * `saved`.
   *
   * @throws ServerError if the server refuses it; the error that closed the session; DeadlineError, or the signal's reason
   */
  async correct({ segmentId, text, targetLanguage }: Correction, wait: Partial<WaitOptions> = {}): Promise<void> {
    if (this.#closed !== undefined) throw closedError(this.#closed.error);
    wait.signal?.throwIfAborted();
    const message = correctionMessage({ segmentId, text, targetLanguage });
    const accepted = this.#corrections.wait(message.correctionId, { timeoutMs: defaultWaitMs, ...wait });
    this.#connection.send(this.#state.addCorrection(message));
    await accepted;
  }

  /**
   * Changes the options of whatever is sent next; survives a reconnect. `paused` is sent as a message of its own: a pause
   * once every final is accepted, its end at once.
   *
   * @returns the `id` that an `error` event about it names as `causedBy`
   * @throws ServerError with `session-ending` after `end` was called; the error that closed the session
   */
  update(options: UpdateOptions): string {
    if (this.#closed !== undefined) throw closedError(this.#closed.error);
    if (this.#ending !== undefined) {
      const message = 'the session is ending';
      throw new ServerError({ type: 'error', retryable: false, code: 'session-ending', message });
    }
    const { id, send } = this.#state.update(options);
    this.#connection.send(send);
    return id;
  }

  /**
   * Changes, closes or opens the join code; repeated after a reconnect until the server has answered. Listeners who joined
   * by a code that was changed are dropped. The timeout (default 60,000 ms) and the signal only end the wait: see `saved`.
   *
   * @returns the code by which listeners can join now; `undefined` if they can't
   * @throws ServerError; the error that closed the session; DeadlineError, or the signal's reason
   */
  async updateJoinCode(change: JoinCodeChange, wait: Partial<WaitOptions> = {}): Promise<string | undefined> {
    if (this.#closed !== undefined) throw closedError(this.#closed.error);
    wait.signal?.throwIfAborted();
    const { message, answer } = this.#joinCodeUpdates.add(change, { timeoutMs: defaultWaitMs, ...wait });
    if (this.#state.isOpen) this.#connection.send([message]);
    return await answer;
  }

  /**
   * Ends the session once every final is accepted, then closes the connection. The translations of accepted finals
   * arrive before this resolves. Called again, it returns the same promise, unless that was rejected.
   *
   * @returns the usage, `undefined` if the session had already ended on the server; the `session.ended` event also has the
   *   figures of `stability`
   * @throws the error that closed the session; DeadlineError (default 60,000 ms), or the signal's reason
   */
  end(wait: Partial<WaitOptions> = {}): Promise<SessionUsage | undefined> {
    this.#ending ??= this.#end(wait).catch((error: unknown) => {
      this.#ending = undefined;
      throw error;
    });
    return this.#ending;
  }

  /** Closes the connection and stops reconnecting; the session ends after its grace period. Idempotent. */
  async close(): Promise<void> {
    await this.#connection.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #end(wait: Partial<WaitOptions>): Promise<SessionUsage | undefined> {
    if (this.#closed !== undefined) throw closedError(this.#closed.error);
    const ended = this.#endings.wait('end', { timeoutMs: defaultWaitMs, ...wait });
    this.#connection.send(this.#state.requestEnd());
    const usage = await ended;
    await this.close();
    return usage;
  }

  /** Whether to start a new session if the server has lost this one. */
  get #isUnfinished(): boolean {
    return this.#wasOpen && !this.#state.isDone;
  }

  #forgetUnresumable(error: Error): boolean {
    if (!this.#isUnfinished || !isOnlySessionLost(error)) return false;
    this.#state.forgetSession();
    return true;
  }

  #handleMessage(message: ServerMessage): void {
    if (message.type === 'session.started') this.#started = message;
    const reaction = this.#state.handleMessage(message);
    this.#connection.send(reaction.send);
    this.#handleJoinCode(message);
    for (const segmentId of reaction.accepted) this.#acceptances.resolve(segmentId, undefined);
    if (reaction.accepted.length > 0) this.#refusals = this.#losses = 0;
    if (reaction.refused !== undefined) {
      this.#acceptances.reject(reaction.refused.segmentId, new ServerError(reaction.refused.error));
    }
    if (message.type === 'correction.accepted') this.#corrections.resolve(message.correctionId ?? '', undefined);
    if (reaction.refusedCorrection !== undefined) {
      const { correctionId, error } = reaction.refusedCorrection;
      this.#corrections.reject(correctionId, new ServerError(error));
    }
    if (reaction.retry) this.#scheduleRetry(reaction.retryAfterMs);
    this.#reports.received(message, reaction.deliver);
    if (message.type === 'session.resync') this.#connection.reopen();
    if (message.type === 'session.ended') this.#handleEnded(message);
    if (message.type !== 'error' || !isSessionLost(message)) return;
    if (reaction.reopen) this.#reopenSession(new ServerError(message));
    else if (this.#state.isDone) this.#handleEnded(undefined);
  }

  #handleJoinCode(message: ServerMessage): void {
    if (message.type === 'session.started') this.#joinCode = message.joinCodeClosed ? undefined : message.joinCode;
    if (message.type === 'session.updated') this.#joinCode = message.joinCode;
    this.#joinCodeUpdates.handleMessage(message);
    const isOpened = message.type === 'session.started' || message.type === 'session.resumed';
    if (isOpened) this.#connection.send(this.#joinCodeUpdates.repeat());
  }

  /** The first loss is retried on the same socket, further ones with backoff on the next edge. */
  #reopenSession(error: ServerError): void {
    this.#losses += 1;
    if (this.#losses === 1) this.#connection.reopen();
    else this.#connection.fail(error);
  }

  #scheduleRetry(retryAfterMs: number | undefined): void {
    if (this.#retryTimer !== undefined) return;
    const waitMs =
      retryAfterMs === undefined
        ? backoffMs(this.#refusals, this.#options.backoff ?? defaultBackoff, Math.random())
        : requestedWaitMs(retryAfterMs, Math.random());
    this.#refusals += 1;
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = undefined;
      this.#connection.send(this.#state.resumeSending());
    }, waitMs);
  }

  #handleEnded(message: SessionEnded | undefined): void {
    this.#reports.ended(message);
    this.#endings.resolve('end', message?.usage);
    void this.#connection.close();
  }

  #handleClosed(error: Error | undefined): void {
    this.#closed = { error };
    this.#state.handleDisconnect();
    clearTimeout(this.#retryTimer);
    this.#acceptances.rejectAll(closedError(error));
    this.#corrections.rejectAll(closedError(error));
    this.#joinCodeUpdates.close(closedError(error));
    this.#endings.rejectAll(closedError(error));
    this.#reports.closed(error);
  }

  #requireSendable(transcript: FinalTranscript): void {
    const { maxTextChars } = this.started.limits;
    const errorFields = { type: 'error', retryable: false, param: 'text' } as const;
    if (transcript.text.length > maxTextChars) {
      const message = `at most ${maxTextChars} characters are allowed`;
      throw new ServerError({ ...errorFields, code: 'text-too-long', message });
    }
    if (this.#state.refuses(transcript)) {
      const message = 'the session is paused';
      throw new ServerError({ type: 'error', retryable: false, code: 'session-paused', message });
    }
    if (this.#state.contradicts(transcript)) {
      throw new ServerError({ ...errorFields, code: 'segment-settled', message: 'the segment has another text' });
    }
  }
}

function closedError(error: Error | undefined): Error {
  return error ?? new ConnectionClosedError(closeCodes.ended, 'the session is closed');
}

/** Removes the connection options. */
function startOptions(options: LiveSessionOptions): StartOptions {
  const {
    urls,
    apiKey,
    backoff,
    giveUpAfterMs,
    openTimeoutMs,
    silenceMs,
    signal,
    on,
    onMessage,
    openSocket,
    ...start
  } = options;
  return start;
}
