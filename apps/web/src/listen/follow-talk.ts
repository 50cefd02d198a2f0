import { joinLive, type ServerMessage, type SessionJoined } from '@parley/client';
import { sleep } from '../page/sleep.ts';
import { isTemporary } from '../page/temporary-failure.ts';
import type { ListeningOffer } from './choose-languages.ts';
import { hasEnded, isGone, textForListener } from './listening-failures.ts';
import { fetchOffer } from './session-offer.ts';
import { TalkProgress } from './talk-progress.ts';
import type { TalkStatus } from './talk-status.ts';

export interface TalkOptions {
  /** Where the page comes from, such as `https://example.org`. */
  readonly origin: string;
  readonly joinCode: string;
  /** The languages to ask for. Called whenever the talk is joined. */
  readonly chooseLanguages: (offer: ListeningOffer) => readonly string[];
  /** @param degraded the current reasons for reduced service */
  readonly onState: (state: TalkStatus, degraded: readonly string[]) => void;
  /** Before the messages of a session that was joined, also once more after a loss. */
  readonly onJoined: (joined: SessionJoined, requested: readonly string[]) => void;
  readonly onMessage: (message: ServerMessage) => void;
  /** About how often the server is asked whether the talk has begun, in milliseconds (default 5000). */
  readonly pollMs?: number;
}

/** A page stays open through a night without a network. */
const giveUpAfterMs = 86_400_000;
const restarted = new Error('the talk is joined anew');

/**
 * Follows a talk and, where the join code is that of a room, the talks after it: waits until it begins, and comes back after
 * every loss.
 */
export class Talk {
  readonly #options: TalkOptions;
  readonly #progress = new TalkProgress();
  #listening = new AbortController();
  #isRunning = false;

  constructor(options: TalkOptions) {
    this.#options = options;
  }

  /** Joins with the languages that are chosen now. */
  start(): void {
    this.#listening.abort(restarted);
    this.#listening = new AbortController();
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#run().finally(() => (this.#isRunning = false));
  }

  async #run(): Promise<void> {
    this.#tell({ kind: 'connecting' });
    for (;;) {
      const { signal } = this.#listening;
      try {
        const offer = await this.#awaitOffer(signal);
        if (offer === undefined) return;
        await this.#listen(offer, signal);
        this.#tell({ kind: offer.isRoom ? 'awaiting-next' : 'ended' });
        if (!offer.isRoom) return;
        await sleep(this.#pollMs(), signal);
      } catch (error) {
        if (error === restarted) continue;
        console.error(error);
        if (isTemporary(error)) continue;
        this.#tell(this.#failedState(error));
        return;
      }
    }
  }

  /** @returns `undefined` if the code leads nowhere, which the reader was told */
  async #awaitOffer(signal: AbortSignal) {
    const { origin, joinCode } = this.#options;
    for (;;) {
      const offer = await fetchOffer(origin, joinCode, signal);
      if (offer.state === 'open') return offer;
      if (offer.state === 'unknown-code') {
        this.#tell(this.#goneState());
        return undefined;
      }
      if (offer.state === 'not-started') this.#tell(this.#waitingState());
      else if (offer.state === 'too-many-tries') this.#tell({ kind: 'too-many-tries' });
      else if (this.#progress.isUnderWay) this.#tell({ kind: 'reconnecting' });
      await sleep(this.#pollMs(), signal);
    }
  }

  /** Resolves when the session has ended; rejects if it is given up before. */
  async #listen(offer: ListeningOffer, signal: AbortSignal): Promise<void> {
    const { origin, joinCode, chooseLanguages } = this.#options;
    const targetLanguages = [...chooseLanguages(offer)];
    const { promise: closed, resolve, reject } = Promise.withResolvers<undefined>();
    closed.catch(() => undefined);
    this.#progress.joining();
    await joinLive({
      urls: [origin],
      joinCode,
      targetLanguages,
      giveUpAfterMs,
      signal,
      onMessage: (message) => {
        if (!signal.aborted) this.#receive(message, targetLanguages);
      },
      on: {
        disconnected: () => this.#tell({ kind: 'reconnecting' }),
        waiting: () => this.#tell(this.#waitingState()),
        closed: (error) => {
          if (error === undefined) resolve(undefined);
          else reject(error);
        },
      },
    });
    await closed;
  }

  #receive(message: ServerMessage, requested: readonly string[]): void {
    this.#progress.receive(message);
    if (message.type === 'session.joined') this.#options.onJoined(message, requested);
    this.#options.onMessage(message);
    if (this.#progress.isUnderWay) this.#tell(this.#progress.state);
  }

  #tell(state: TalkStatus): void {
    this.#options.onState(state, this.#progress.degraded);
  }

  #waitingState(): TalkStatus {
    return { kind: this.#progress.hasJoined ? 'awaiting-next' : 'waiting' };
  }

  #failedState(error: unknown): TalkStatus {
    if (hasEnded(error)) return { kind: 'ended' };
    return isGone(error) ? this.#goneState() : { kind: 'failed', words: textForListener(error) };
  }

  /** A code leads nowhere after the end of its talk, and also while the speaker lets nobody join. */
  #goneState(): TalkStatus {
    if (this.#progress.isUnderWay) return { kind: 'out-of-reach' };
    return { kind: this.#progress.hasJoined ? 'ended' : 'unknown-code' };
  }

  /** Spread, so that the phones of an audience don't ask all at once. */
  #pollMs(): number {
    const { pollMs = 5000 } = this.#options;
    return pollMs * (0.75 + Math.random() / 2);
  }
}
