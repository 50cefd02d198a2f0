import { setTimeout as sleep } from 'node:timers/promises';
import { DeadlineError, ServerError, type Client, type Session, type StartOptions } from '@parley/client';
import {
  isBlank,
  type ErrorCode,
  type ServerMessage,
  type SessionStarted,
  type TranslationFailed,
  type TranslationFinal,
} from '@parley/protocol';
import type { InputLine } from './input-lines.ts';

/** Enough concurrent lines to keep the workers busy, and few enough to bound memory with an endless input. */
const maxOutstanding = 32;

/** An upper bound for the bytes of a frame besides its text. */
const frameFieldsBytes = 300;

/** Errors after which no later line can succeed. */
const fatalCodes = new Set<ErrorCode>([
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
  /** How long to wait for the next response while any is outstanding. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Options of the session; by default the results are in order. */
  readonly session?: Pick<StartOptions, 'class' | 'ordered' | 'room'>;
  /** Receives each result; `segmentId` is the line number. */
  readonly onResult: (result: TranslationFinal | TranslationFailed) => void;
  /** Called for a line that is not translated into any language. */
  readonly onRefused: (line: number, error: ServerError) => void;
}

/**
 * Translates line by line, by default in order within each language, and returns when all results have arrived. Blank lines are
 * skipped. A refused line is reported and the others go on; a line that the server can't accept for now is sent again.
 *
 * @throws ServerError, ConnectionClosedError, DeadlineError, or the reason of the signal
 */
export async function translateLines(
  client: Client,
  lines: (signal: AbortSignal) => AsyncIterable<InputLine>,
  { from, to, timeoutMs, signal, session: options = { ordered: true }, onResult, onRefused }: TranslateLinesOptions,
): Promise<void> {
  const session = await client.startSession({ sourceLanguage: from, targetLanguages: [...to], ...options }, { signal });
  using outstanding = new OutstandingLines(session, to.length, timeoutMs);
  const stop = AbortSignal.any([signal, outstanding.failureSignal]);
  session.on('translation.final', onResult);
  session.on('translation.failed', onResult);
  for await (const line of lines(stop)) {
    if (isBlank(line.text)) continue;
    let refusal = checkLimits(line, session.started.limits);
    if (refusal === undefined) {
      await outstanding.waitUntilAtMost(maxOutstanding - 1, stop);
      // Sequential, because a line that is sent again would otherwise be translated after later ones.
      refusal = await outstanding.send(line, stop);
    }
    if (refusal !== undefined) onRefused(line.number, refusal);
  }
  await outstanding.waitUntilAtMost(0, stop);
  await session.end({ timeoutMs, signal: stop });
}

/** Returns the error that the server would send for a line. For an oversized frame the server couldn't name the line. */
function checkLimits({ text, length }: InputLine, limits: SessionStarted['limits']): ServerError | undefined {
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

/** Tracks the lines whose translations are outstanding. */
class OutstandingLines implements Disposable {
  readonly #session: Session;
  readonly #targets: number;
  readonly #pending = new Map<number, number>();
  readonly #failure = new AbortController();
  readonly #timeoutMs: number;
  #timer: NodeJS.Timeout | undefined;
  #changed = Promise.withResolvers<undefined>();

  constructor(session: Session, targets: number, timeoutMs: number) {
    this.#session = session;
    this.#targets = targets;
    this.#timeoutMs = timeoutMs;
    session.on('message', (message) => {
      this.#onMessage(message);
    });
    session.on('closed', (error) => {
      this.#failure.abort(error);
    });
  }

  /** Aborted when the connection or the session is lost, or on a timeout. */
  get failureSignal(): AbortSignal {
    return this.#failure.signal;
  }

  /**
   * Sends a line until it is accepted. Returns the error if the line was refused but others may succeed.
   *
   * @throws ServerError if no other line can succeed either; ConnectionClosedError, DeadlineError, or the reason of the signal
   */
  async send({ number: segmentId, text }: InputLine, signal: AbortSignal): Promise<ServerError | undefined> {
    if (this.#pending.size === 0) this.#startTimer();
    this.#pending.set(segmentId, this.#targets);
    // Retry for half of the time limit.
    const retryUntilMs = performance.now() + this.#timeoutMs / 2;
    for (let pauseMs = retryPauseMs.first; ; pauseMs = Math.min(2 * pauseMs, retryPauseMs.longest)) {
      try {
        await this.#session.sendFinal({ segmentId, text }, { timeoutMs: this.#timeoutMs, signal });
        return undefined;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ServerError)) throw error;
        const waitMs = Math.max(pauseMs, error.retryAfterMs ?? 0);
        const canRetry = error.retryable && performance.now() + waitMs < retryUntilMs;
        if (!canRetry && fatalCodes.has(error.code)) throw error;
        if (!canRetry) {
          this.#markResolved(segmentId, this.#targets);
          return error;
        }
        await sleep(waitMs, undefined, { signal }).catch(() => {
          signal.throwIfAborted();
        });
      }
    }
  }

  /** Waits until at most `count` lines are outstanding. */
  async waitUntilAtMost(count: number, signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => {
      aborted.reject(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      while (this.#pending.size > count) await Promise.race([this.#changed.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #onMessage(message: ServerMessage): void {
    if (message.type === 'translation.final' || message.type === 'translation.failed') {
      this.#markResolved(message.segmentId, 1);
    }
    // Without `causedBy`, the error concerns the session.
    if (message.type === 'error' && message.causedBy === undefined && fatalCodes.has(message.code)) {
      this.#failure.abort(new ServerError(message));
    }
  }

  #markResolved(segmentId: number, results: number): void {
    const due = (this.#pending.get(segmentId) ?? 0) - results;
    if (due > 0) this.#pending.set(segmentId, due);
    else this.#pending.delete(segmentId);
    clearTimeout(this.#timer);
    if (this.#pending.size > 0) this.#startTimer();
    this.#changed.resolve(undefined);
    this.#changed = Promise.withResolvers();
  }

  #startTimer(): void {
    this.#timer = setTimeout(() => {
      this.#failure.abort(new DeadlineError('translation', this.#timeoutMs));
    }, this.#timeoutMs);
  }
}
