import {
  closeCodes,
  type DegradedReason,
  type ServerMessage,
  type SessionStarted,
  type SessionUsage,
} from '@parley/protocol';
import type { Wait } from '../answer.ts';
import { Emitter } from '../emitter.ts';
import { ConnectionClosedError, ServerError } from '../errors.ts';
import type { FinalTranscript, PartialTranscript, StartOptions, UpdateOptions } from '../session.ts';
import { backoffMs, defaultBackoff } from './backoff.ts';
import { Degraded } from './degraded.ts';
import { endsSessionAlone, isSessionLoss } from './is-session-loss.ts';
import type { LiveEvents } from './live-events.ts';
import { LiveLink } from './live-link.ts';
import type { LiveOptions } from './live-options.ts';
import { SpeakerState } from './speaker-state.ts';
import { Waits } from './waits.ts';

export interface LiveSessionOptions extends StartOptions, LiveOptions {
  readonly apiKey?: string | undefined;
}

const defaultWaitMs = 60_000;

/** A speaker's session that survives its socket. Segment ids and revisions are the caller's, as for a `Session`. */
export class LiveSession implements AsyncDisposable {
  readonly #events = new Emitter<LiveEvents>();
  readonly #acceptances = new Waits<number, undefined>('transcript.accepted');
  readonly #endings = new Waits<'end', SessionUsage | undefined>('session.ended');
  readonly #degraded = new Degraded();
  readonly #options: LiveSessionOptions;
  readonly #speech: SpeakerState;
  readonly #link: LiveLink;
  #started: SessionStarted | undefined;
  #closed: { readonly error: Error | undefined } | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #refusals = 0;
  /** How often the server has lost the session since it last accepted a final. */
  #losses = 0;

  constructor(options: LiveSessionOptions) {
    this.#options = options;
    if (options.onMessage !== undefined) this.#events.on('message', options.onMessage);
    this.#speech = new SpeakerState(startOptions(options));
    this.#link = new LiveLink(options, {
      opening: () => this.#speech.opening(),
      opensAnew: (error) => isSessionLoss(error) && this.#isWanted,
      survives: (error) => this.#survives(error),
      sent: (message) => this.#events.emit('sent', message),
      received: (message) => this.#received(message),
      lost: (error) => {
        this.#speech.lost();
        this.#degraded.lost();
        this.#events.emit('disconnected', error);
      },
      over: (error) => this.#over(error),
    });
  }

  /** Resolves when the session has started. */
  get opened(): Promise<undefined> {
    return this.#link.opened;
  }

  /** How the newest session was started: a second one follows where the server doesn't know the first any more. */
  get started(): SessionStarted {
    if (this.#started === undefined) throw new Error('the session has not started yet');
    return this.#started;
  }

  /** Why the session gets less than it could at the moment; `session.degraded` and `session.recovered` tell of changes. */
  get degraded(): readonly DegradedReason[] {
    return this.#degraded.reasons;
  }

  /** @returns what takes the listener off again */
  on<Name extends keyof LiveEvents>(name: Name, listener: (event: LiveEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /**
   * Sends a hypothesis of the open segment. The newest one is sent again, as another message, when the socket is back.
   *
   * @returns the `id` that an `error` event about it names as `causedBy`; `undefined` while the socket is away
   */
  sendPartial(transcript: PartialTranscript): string | undefined {
    const message = this.#speech.partial(transcript);
    if (message !== undefined) this.#link.send([message]);
    return message?.id;
  }

  /**
   * Sends the settled text of a segment, and again for as long as it isn't safe with the server; resolves once it is.
   * The deadline (default 60,000 ms) and the signal end the wait alone: the final stays kept.
   *
   * @throws ServerError where the server refuses it for good; what the session was closed with; DeadlineError, or the
   *   reason of the signal
   */
  async sendFinal(transcript: FinalTranscript, wait: Partial<Wait> = {}): Promise<void> {
    if (this.#closed !== undefined) throw closedError(this.#closed.error);
    wait.signal?.throwIfAborted();
    this.#requireSendable(transcript);
    const { send, isAccepted } = this.#speech.final(transcript);
    if (isAccepted) return;
    const accepted = this.#acceptances.wait(transcript.segmentId, { timeoutMs: defaultWaitMs, ...wait });
    this.#link.send(send);
    await accepted;
  }

  /**
   * Changes options for what follows, also over a reconnect.
   *
   * @returns the `id` that an `error` event about it names as `causedBy`
   */
  update(options: UpdateOptions): string {
    const { id, send } = this.#speech.update(options);
    this.#link.send(send);
    return id;
  }

  /**
   * Ends the session as soon as every final is accepted, and closes the connection; what is accepted is still
   * translated and comes before it resolves.
   *
   * @returns the usage; `undefined` where the session had ended before its end could be told
   * @throws what the session was closed with; DeadlineError (default 60,000 ms), or the reason of the signal
   */
  async end(wait: Partial<Wait> = {}): Promise<SessionUsage | undefined> {
    if (this.#closed !== undefined) throw closedError(this.#closed.error);
    const ended = this.#endings.wait('end', { timeoutMs: defaultWaitMs, ...wait });
    this.#link.send(this.#speech.end());
    const usage = await ended;
    await this.close();
    return usage;
  }

  /** Closes the connection and makes no other; the session itself ends after its grace time. Idempotent. */
  async close(): Promise<void> {
    await this.#link.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Whether another session is to follow where the server has lost this one. */
  get #isWanted(): boolean {
    return this.#started !== undefined && !this.#speech.isDone;
  }

  #survives(error: Error): boolean {
    if (!this.#isWanted || !endsSessionAlone(error)) return false;
    this.#speech.forget();
    return true;
  }

  #received(message: ServerMessage): void {
    if (message.type === 'session.started') this.#started = message;
    this.#degraded.received(message);
    const reaction = this.#speech.received(message);
    this.#link.send(reaction.send);
    for (const segmentId of reaction.accepted) this.#acceptances.resolve(segmentId, undefined);
    if (reaction.accepted.length > 0) this.#refusals = this.#losses = 0;
    if (reaction.refused !== undefined) {
      this.#acceptances.reject(reaction.refused.segmentId, new ServerError(reaction.refused.error));
    }
    if (reaction.retry) this.#retryLater();
    if (reaction.deliver) {
      this.#events.emit('message', message);
      this.#events.emit(message.type, message);
    }
    if (message.type === 'session.resync') this.#link.reopen();
    if (message.type === 'session.ended') this.#ended(message.usage);
    if (message.type !== 'error' || !isSessionLoss(message)) return;
    if (reaction.reopen) this.#reopenLost(new ServerError(message));
    else if (this.#speech.isDone) this.#ended(undefined);
  }

  /** At once on the same socket; where that brought nothing, after a while on the next. */
  #reopenLost(error: ServerError): void {
    this.#losses += 1;
    if (this.#losses === 1) this.#link.reopen();
    else this.#link.fail(error);
  }

  #retryLater(): void {
    if (this.#retry !== undefined) return;
    const waitMs = backoffMs(this.#refusals, this.#options.backoff ?? defaultBackoff, Math.random());
    this.#refusals += 1;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#link.send(this.#speech.retried());
    }, waitMs);
  }

  #ended(usage: SessionUsage | undefined): void {
    this.#endings.resolve('end', usage);
    void this.#link.close();
  }

  #over(error: Error | undefined): void {
    this.#closed = { error };
    this.#speech.lost();
    clearTimeout(this.#retry);
    this.#acceptances.rejectAll(closedError(error));
    this.#endings.rejectAll(closedError(error));
    this.#events.emit('closed', error);
  }

  #requireSendable(transcript: FinalTranscript): void {
    const { maxTextChars } = this.started.limits;
    const refused = { type: 'error', retryable: false, param: 'text' } as const;
    if (transcript.text.length > maxTextChars) {
      const message = `${maxTextChars} characters are allowed`;
      throw new ServerError({ ...refused, code: 'text-too-long', message });
    }
    if (this.#speech.contradicts(transcript)) {
      throw new ServerError({ ...refused, code: 'segment-settled', message: 'the segment has another text' });
    }
  }
}

function closedError(error: Error | undefined): Error {
  return error ?? new ConnectionClosedError(closeCodes.ended, 'the session is closed');
}

/** The options of the session alone, without those of its connections. */
function startOptions(options: LiveSessionOptions): StartOptions {
  const { urls, apiKey, backoff, giveUpAfterMs, openTimeoutMs, silenceMs, signal, onMessage, openSocket, ...start } =
    options;
  return start;
}
