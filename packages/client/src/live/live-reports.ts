import type { DegradedReason, ServerMessage } from '@parley/protocol';
import { CaptionFeed } from '../captions/caption-feed.ts';
import { isCaption, type CaptionMessage } from '../captions/caption-message.ts';
import type { SentMessage } from '../connection.ts';
import { Emitter } from '../emitter.ts';
import { ServerError } from '../errors.ts';
import { DegradedReasons } from './degraded-reasons.ts';
import type { OpeningReply } from './live-connection.ts';
import type { LiveEvents, LiveOptions } from './live-options.ts';
import { ReportedAudience, type Audience } from './reported-audience.ts';
import { ReportedPause } from './reported-pause.ts';

/** What a live session reports to its user: events, captions, and the reasons for reduced service. */
export class LiveReports {
  readonly #events = new Emitter<LiveEvents>();
  readonly #captions = new CaptionFeed();
  readonly #degraded = new DegradedReasons();
  readonly #pause = new ReportedPause();
  readonly #audience = new ReportedAudience();
  #wasOpen = false;

  constructor({ on = {}, onMessage }: Pick<LiveOptions, 'on' | 'onMessage'>) {
    if (onMessage !== undefined) this.on('message', onMessage);
    for (const name of Object.keys(on) as (keyof LiveEvents)[]) {
      const listener = on[name] as ((event: LiveEvents[typeof name]) => void) | undefined;
      if (listener !== undefined) this.on(name, listener);
    }
  }

  get degraded(): readonly DegradedReason[] {
    return this.#degraded.reasons;
  }

  /** Whether the server has reported the session as paused. */
  get isPaused(): boolean {
    return this.#pause.isPaused;
  }

  get audience(): Audience {
    return this.#audience.audience;
  }

  on<Name extends keyof LiveEvents>(name: Name, listener: (event: LiveEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  captions(): AsyncIterableIterator<CaptionMessage> {
    return this.#captions.read();
  }

  /** The caller has the session, and has had the time to ask for its captions. */
  handedOver(): void {
    this.#captions.dropEarly();
  }

  connecting(attempt: number): void {
    this.#events.emit('connecting', { attempt });
  }

  /** @returns whether to ping the server: its reply shows whether a pause has ended meanwhile */
  opened(reply: OpeningReply, isNewConnection: boolean): boolean {
    if (isNewConnection) this.#events.emit('connected', undefined);
    if (this.#wasOpen) this.#events.emit('resumed', { recovered: reply.type !== 'session.started' && reply.recovered });
    this.#wasOpen = true;
    return this.#pause.opened();
  }

  sent(message: SentMessage): void {
    this.#events.emit('sent', message);
  }

  /**
   * Must be told of every message.
   *
   * @param isDelivered whether the message is for the user
   */
  received(message: ServerMessage, isDelivered: boolean): void {
    this.#degraded.update(message);
    for (const reported of this.#pause.received(message)) {
      if (reported !== message || isDelivered) this.#deliver(reported);
    }
    const noListeners = this.#audience.received(message);
    if (noListeners !== undefined) this.#deliver(noListeners);
  }

  #deliver(message: ServerMessage): void {
    this.#events.emit('message', message);
    if (message.type === 'error') this.#events.emit('error', new ServerError(message));
    else this.#events.emit(message.type, message);
    if (isCaption(message)) this.#captions.push(message);
  }

  disconnected(error: Error): void {
    this.#degraded.clear();
    this.#events.emit('disconnected', error);
  }

  reconnecting(error: Error, waitMs: number): void {
    this.#events.emit('reconnecting', { error, waitMs });
  }

  waiting(waitMs: number): void {
    this.#events.emit('waiting', { waitMs });
  }

  ended(message: LiveEvents['ended']): void {
    this.#events.emit('ended', message);
  }

  closed(error: Error | undefined): void {
    // A `ServerError` was reported when its message arrived.
    if (error !== undefined && !(error instanceof ServerError)) this.#events.emit('error', error);
    this.#captions.close(error);
    this.#events.emit('closed', error);
  }
}
