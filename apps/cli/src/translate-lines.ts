import { setTimeout as sleep } from 'node:timers/promises';
import { DeadlineError, ServerError, type Client, type Session } from '@parley/client';
import {
  isBlank,
  type ErrorCode,
  type ServerMessage,
  type SessionStarted,
  type TranslationFailed,
  type TranslationFinal,
} from '@parley/protocol';
import type { InputLine } from './input-lines.ts';

/** How many lines may be on their way at once: enough to keep the workers busy, and little to hold for an endless input. */
const maxOutstanding = 32;

/** What a frame has besides the text of its line. */
const frameFieldsBytes = 300;

/** After these nothing that follows can succeed. */
const endings = new Set<ErrorCode>([
  'session-unknown',
  'session-ending',
  'session-taken-over',
  'session-not-started',
  'temporarily-unavailable',
  'too-many-frames',
]);

const retryPauseMs = { first: 100, longest: 2000 };

export interface TranslateLinesOptions {
  readonly from: string;
  readonly to: readonly string[];
  /** The most milliseconds without any answer while one is due. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** The results; `segmentId` is the number of the line. */
  readonly onResult: (result: TranslationFinal | TranslationFailed) => void;
  /** A line that is not translated into any language. */
  readonly onRefused: (line: number, error: ServerError) => void;
}

/**
 * Translates line by line, in order for each language, and returns when everything is back. Blank lines are passed over. A
 * line that is refused is told and costs no other; what the server can't take for now is sent again.
 *
 * @throws ServerError, ConnectionClosedError, DeadlineError, or the reason of the signal
 */
export async function translateLines(
  client: Client,
  lines: (signal: AbortSignal) => AsyncIterable<InputLine>,
  { from, to, timeoutMs, signal, onResult, onRefused }: TranslateLinesOptions,
): Promise<void> {
  const session = await client.startSession(
    { sourceLanguage: from, targetLanguages: [...to], ordered: true },
    { signal },
  );
  using outstanding = new Outstanding(session, to.length, timeoutMs);
  const stop = AbortSignal.any([signal, outstanding.failed]);
  session.on('translation.final', onResult);
  session.on('translation.failed', onResult);
  for await (const line of lines(stop)) {
    if (isBlank(line.text)) continue;
    let refusal = beyondLimits(line, session.started.limits);
    if (refusal === undefined) {
      await outstanding.atMost(maxOutstanding - 1, stop);
      // One after the other: a line that has to be sent again would otherwise come after those behind it.
      refusal = await outstanding.send(line, stop);
    }
    if (refusal !== undefined) onRefused(line.number, refusal);
  }
  await outstanding.atMost(0, stop);
  await session.end({ timeoutMs, signal: stop });
}

/** Why the server would refuse a line; of a frame that is too large it could not even say which one it was. */
function beyondLimits({ text, length }: InputLine, limits: SessionStarted['limits']): ServerError | undefined {
  const { maxTextChars, maxFrameBytes } = limits;
  const refused = { type: 'error', retryable: false, param: 'text' } as const;
  if (length > maxTextChars || length > text.length) {
    const message = `the text has ${length} characters; ${maxTextChars} are allowed`;
    return new ServerError({ ...refused, code: 'text-too-long', message });
  }
  const bytes = Buffer.byteLength(JSON.stringify(text)) + frameFieldsBytes;
  if (bytes <= maxFrameBytes) return undefined;
  const message = `the text needs a frame of ${bytes} bytes; ${maxFrameBytes} are allowed`;
  return new ServerError({ ...refused, code: 'frame-too-large', message });
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

  /** Aborted when the connection or the session is lost, or nothing comes for too long. */
  get failed(): AbortSignal {
    return this.#failure.signal;
  }

  /**
   * Sends a line until it is accepted. Gives why it was refused, where others may still be taken.
   *
   * @throws ServerError where no other line can be taken either; ConnectionClosedError, DeadlineError, or the reason of the signal
   */
  async send({ number: segmentId, text }: InputLine, signal: AbortSignal): Promise<ServerError | undefined> {
    if (this.#due.size === 0) this.#startTimer();
    this.#due.set(segmentId, this.#targets);
    // A server that can't take the line for now has half of the time limit to take it all the same.
    const retryUntilMs = performance.now() + this.#timeoutMs / 2;
    for (let pauseMs = retryPauseMs.first; ; pauseMs = Math.min(2 * pauseMs, retryPauseMs.longest)) {
      try {
        await this.#session.sendFinal({ segmentId, text }, { timeoutMs: this.#timeoutMs, signal });
        return undefined;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ServerError)) throw error;
        const isRetried = error.retryable && performance.now() + pauseMs < retryUntilMs;
        if (!isRetried && endings.has(error.code)) throw error;
        if (!isRetried) {
          this.#resolved(segmentId, this.#targets);
          return error;
        }
        await sleep(pauseMs, undefined, { signal }).catch(() => {
          signal.throwIfAborted();
        });
      }
    }
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
    if (message.type === 'translation.final' || message.type === 'translation.failed') {
      this.#resolved(message.segmentId, 1);
    }
    // About no message, so it is about the session.
    if (message.type === 'error' && message.causedBy === undefined && endings.has(message.code)) {
      this.#failure.abort(new ServerError(message));
    }
  }

  #resolved(segmentId: number, results: number): void {
    const due = (this.#due.get(segmentId) ?? 0) - results;
    if (due > 0) this.#due.set(segmentId, due);
    else this.#due.delete(segmentId);
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
