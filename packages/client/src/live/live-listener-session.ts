import type { DegradedReason, ServerMessage, SessionJoined } from '@parley/protocol';
import { Emitter } from '../emitter.ts';
import { ServerError } from '../errors.ts';
import type { JoinOptions } from '../listening.ts';
import { Degraded } from './degraded.ts';
import { ListenerState } from './listener-state.ts';
import { isSessionLoss } from './is-session-loss.ts';
import type { LiveEvents } from './live-events.ts';
import { LiveLink } from './live-link.ts';
import type { LiveOptions } from './live-options.ts';

export interface LiveListeningOptions extends JoinOptions, LiveOptions {}

/** Somebody else's session, as a listener follows it who comes back whenever the socket is lost. */
export class LiveListening implements AsyncDisposable {
  readonly #events = new Emitter<LiveEvents>();
  readonly #degraded = new Degraded();
  readonly #hearing: ListenerState;
  readonly #link: LiveLink;
  #joined: SessionJoined | undefined;

  constructor(options: LiveListeningOptions) {
    const { joinCode, targetLanguages, offset, onMessage } = options;
    if (onMessage !== undefined) this.#events.on('message', onMessage);
    this.#hearing = new ListenerState({ joinCode, targetLanguages, ...(offset === undefined ? {} : { offset }) });
    this.#link = new LiveLink(options, {
      opening: () => this.#hearing.opening(),
      opensAnew: () => false,
      survives: () => false,
      sent: (message) => this.#events.emit('sent', message),
      received: (message) => this.#received(message),
      lost: (error) => {
        this.#degraded.lost();
        this.#events.emit('disconnected', error);
      },
      over: (error) => this.#events.emit('closed', error),
    });
  }

  /** Resolves when the session was joined. */
  get opened(): Promise<undefined> {
    return this.#link.opened;
  }

  /** The newest answer to joining. */
  get joined(): SessionJoined {
    if (this.#joined === undefined) throw new Error('the session has not been joined yet');
    return this.#joined;
  }

  /** Why the session gets less than it could at the moment; `session.degraded` and `session.recovered` tell of changes. */
  get degraded(): readonly DegradedReason[] {
    return this.#degraded.reasons;
  }

  /** @returns what takes the listener off again */
  on<Name extends keyof LiveEvents>(name: Name, listener: (event: LiveEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Leaves, and doesn't come back. Idempotent. */
  async close(): Promise<void> {
    await this.#link.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #received(message: ServerMessage): void {
    if (message.type === 'session.joined') this.#joined = message;
    this.#degraded.received(message);
    if (this.#hearing.received(message)) {
      this.#events.emit('message', message);
      this.#events.emit(message.type, message);
    }
    if (message.type === 'error' && isSessionLoss(message)) this.#link.fail(new ServerError(message));
    if (message.type === 'session.resync') this.#link.reopen();
    if (message.type === 'session.ended') void this.#link.close();
  }
}
