import type { DegradedReason, ServerMessage, SessionJoined } from '@parley/protocol';
import { Emitter } from '../emitter.ts';
import { ServerError } from '../errors.ts';
import type { JoinOptions } from '../listener-session.ts';
import { DegradedReasons } from './degraded-reasons.ts';
import { ListenerState } from './listener-state.ts';
import { isSessionLost } from './session-errors.ts';
import type { LiveEvents, LiveOptions } from './live-options.ts';
import { LiveConnection } from './live-connection.ts';

export interface LiveListenerOptions extends JoinOptions, LiveOptions {}

/** A listener of another speaker's session that reconnects when its socket is lost. */
export class LiveListenerSession implements AsyncDisposable {
  readonly #events = new Emitter<LiveEvents>();
  readonly #degraded = new DegradedReasons();
  readonly #state: ListenerState;
  readonly #connection: LiveConnection;
  #joined: SessionJoined | undefined;

  constructor(options: LiveListenerOptions) {
    const { joinCode, targetLanguages, offset, onMessage } = options;
    if (onMessage !== undefined) this.#events.on('message', onMessage);
    this.#state = new ListenerState({ joinCode, targetLanguages, ...(offset === undefined ? {} : { offset }) });
    this.#connection = new LiveConnection(options, {
      openingMessage: () => this.#state.openingMessage(),
      shouldReopen: () => false,
      shouldReconnect: () => false,
      onSent: (message) => this.#events.emit('sent', message),
      onMessage: (message) => this.#handleMessage(message),
      onDisconnected: (error) => {
        this.#degraded.clear();
        this.#events.emit('disconnected', error);
      },
      onClosed: (error) => this.#events.emit('closed', error),
    });
  }

  /** Resolves when the session is joined. */
  get opened(): Promise<undefined> {
    return this.#connection.opened;
  }

  /** The latest `session.joined`. */
  get joined(): SessionJoined {
    if (this.#joined === undefined) throw new Error('the session has not been joined yet');
    return this.#joined;
  }

  /** Why the session's service is currently reduced; `session.degraded` and `session.recovered` report changes. */
  get degraded(): readonly DegradedReason[] {
    return this.#degraded.reasons;
  }

  /** @returns a function that removes the listener */
  on<Name extends keyof LiveEvents>(name: Name, listener: (event: LiveEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Leaves the session and stops reconnecting. Idempotent. */
  async close(): Promise<void> {
    await this.#connection.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #handleMessage(message: ServerMessage): void {
    if (message.type === 'session.joined') this.#joined = message;
    this.#degraded.update(message);
    if (this.#state.handleMessage(message)) {
      this.#events.emit('message', message);
      this.#events.emit(message.type, message);
    }
    if (message.type === 'error' && isSessionLost(message)) this.#connection.fail(new ServerError(message));
    if (message.type === 'session.resync') this.#connection.reopen();
    if (message.type === 'session.ended') void this.#connection.close();
  }
}
