import { DeadlineError, type Client, type Session } from '@parley/client';
import type { ServerMessage, TranslationFailed, TranslationFinal } from '@parley/protocol';

/** How many lines may be on their way at once: enough to keep the workers busy, and little to hold for an endless input. */
const maxOutstanding = 32;

export interface TranslateLinesOptions {
  readonly from: string;
  readonly to: readonly string[];
  /** The most milliseconds without any answer while one is due. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onResult: (result: TranslationFinal | TranslationFailed) => void;
}

/**
 * Translates line by line, in order for each language, and returns when everything is back. Empty lines are passed over.
 *
 * @throws ServerError, ConnectionClosedError, DeadlineError, or the reason of the signal
 */
export async function translateLines(
  client: Client,
  lines: (signal: AbortSignal) => AsyncIterable<string>,
  { from, to, timeoutMs, signal, onResult }: TranslateLinesOptions,
): Promise<void> {
  const session = await client.startSession(
    { sourceLanguage: from, targetLanguages: [...to], ordered: true },
    { signal },
  );
  using outstanding = new Outstanding(session, to.length, timeoutMs);
  const stop = AbortSignal.any([signal, outstanding.failed]);
  session.on('translation.final', onResult);
  session.on('translation.failed', onResult);
  let segmentId = 0;
  for await (const line of lines(stop)) {
    if (line.trim() === '') continue;
    await outstanding.atMost(maxOutstanding - 1, stop);
    outstanding.send((segmentId += 1), line, stop);
  }
  await outstanding.atMost(0, stop);
  await session.end({ timeoutMs, signal: stop });
}

/** The lines whose translations are still due. */
class Outstanding implements Disposable {
  readonly #session: Session;
  readonly #targets: number;
  readonly #due = new Map<number, number>();
  readonly #failure = new AbortController();
  readonly #timeoutMs: number;
  #timer: NodeJS.Timeout | undefined;
  #changed = Promise.withResolvers<undefined>();

  constructor(session: Session, targets: number, timeoutMs: number) {
    this.#session = session;
    this.#targets = targets;
    this.#timeoutMs = timeoutMs;
    session.on('message', (message) => {
      this.#received(message);
    });
    session.on('closed', (error) => {
      this.#failure.abort(error);
    });
  }

  /** Aborted when the connection is lost, a line is refused, or nothing comes for too long. */
  get failed(): AbortSignal {
    return this.#failure.signal;
  }

  send(segmentId: number, text: string, signal: AbortSignal): void {
    if (this.#due.size === 0) this.#startTimer();
    this.#due.set(segmentId, this.#targets);
    this.#session.sendFinal({ segmentId, text }, { timeoutMs: this.#timeoutMs, signal }).catch((error: unknown) => {
      this.#failure.abort(error);
    });
  }

  /** Waits until no more than `count` lines are due. */
  async atMost(count: number, signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => {
      aborted.reject(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      while (this.#due.size > count) await Promise.race([this.#changed.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #received(message: ServerMessage): void {
    if (message.type !== 'translation.final' && message.type !== 'translation.failed') return;
    const due = (this.#due.get(message.segmentId) ?? 0) - 1;
    if (due > 0) this.#due.set(message.segmentId, due);
    else this.#due.delete(message.segmentId);
    clearTimeout(this.#timer);
    if (this.#due.size > 0) this.#startTimer();
    this.#changed.resolve(undefined);
    this.#changed = Promise.withResolvers();
  }

  #startTimer(): void {
    this.#timer = setTimeout(() => {
      this.#failure.abort(new DeadlineError('translation', this.#timeoutMs));
    }, this.#timeoutMs);
  }
}
