import type { ServerMessage } from '@parley/protocol';
import { lineAfter } from './caption-line.ts';
import { captionLanguage, isCaption, type CaptionMessage } from './caption-message.ts';
import { findLine, noCaptions, withLine, type LanguageCaptions } from './language-captions.ts';

export interface CaptionStoreOptions {
  /** How many settled lines of each language are kept (default 500). */
  readonly maxLines?: number;
}

/**
 * Turns messages into the lines of a screen, for each language. Does no I/O: pass it every message, for example as
 * `onMessage` of a session. Its methods may be passed on unbound, such as to React's `useSyncExternalStore`.
 *
 * @example
 *   const captions = new CaptionStore();
 *   captions.subscribe(() => render(captions.of('es')));
 *   await joinLive({ urls, joinCode, targetLanguages: ['es'], onMessage: captions.add });
 */
export class CaptionStore {
  readonly #maxLines: number;
  readonly #listeners = new Set<() => void>();
  #sessionId: string | undefined;
  #snapshot: ReadonlyMap<string, LanguageCaptions> = new Map();

  /** @throws RangeError if `maxLines` is not a positive integer */
  constructor({ maxLines = 500 }: CaptionStoreOptions = {}) {
    if (!Number.isInteger(maxLines) || maxLines < 1) throw new RangeError('maxLines must be an integer from 1');
    this.#maxLines = maxLines;
  }

  /** Applies a message; those that don't change any line are ignored. */
  readonly add = (message: ServerMessage): void => {
    if (isCaption(message)) this.#apply(message);
    else if (message.type === 'session.joined') this.#follow(message.sessionId);
    // The server drops the partials of a session that has ended.
    else if (message.type === 'session.ended') this.#closeOpenLines();
  };

  /**
   * Calls the listener after each change.
   *
   * @returns a function that removes the listener
   */
  readonly subscribe = (listener: () => void): (() => void) => {
    const added = (): void => listener();
    this.#listeners.add(added);
    return () => void this.#listeners.delete(added);
  };

  /** The captions of every language. The same object until something changes; unchanged languages keep theirs. */
  readonly getSnapshot = (): ReadonlyMap<string, LanguageCaptions> => this.#snapshot;

  /** The captions of one language, as tagged in the messages; the same object until they change. */
  readonly of = (language: string): LanguageCaptions => this.#snapshot.get(language) ?? noCaptions;

  #apply(message: CaptionMessage): void {
    const language = captionLanguage(message);
    const captions = this.of(language);
    const before = findLine(captions, message.segmentId);
    const line = lineAfter(before, message);
    const isOlderThanAllKept =
      captions.settled.length >= this.#maxLines && line.segmentId < (captions.settled[0]?.segmentId ?? 0);
    if (line === before || isOlderThanAllKept) return;
    this.#publish(new Map(this.#snapshot).set(language, withLine(captions, line, this.#maxLines)));
  }

  /** A newer session of a room numbers its segments anew, so the lines of the one before make place. */
  #follow(sessionId: string): void {
    const isOther = this.#sessionId !== undefined && this.#sessionId !== sessionId;
    this.#sessionId = sessionId;
    if (isOther && this.#snapshot.size > 0) this.#publish(new Map());
  }

  #closeOpenLines(): void {
    if ([...this.#snapshot.values()].every(({ open }) => open.length === 0)) return;
    const closed = new Map<string, LanguageCaptions>();
    for (const [language, captions] of this.#snapshot) {
      closed.set(language, captions.open.length === 0 ? captions : { ...captions, open: [] });
    }
    this.#publish(closed);
  }

  #publish(snapshot: ReadonlyMap<string, LanguageCaptions>): void {
    this.#snapshot = snapshot;
    for (const listener of [...this.#listeners]) listener();
  }
}
