import {
  EngineCancelledError,
  EngineTimeoutError,
  EventLoopBlockedError,
  longTextMs,
  type TimeoutStage,
} from '@parley/translation';
import { loopLag } from './loop-lag.ts';

/** Time-outs of one call, in milliseconds. */
export interface CallTimeouts {
  /** Until the first piece of the reply, and between pieces. A reply that is not streamed is one piece. */
  readonly firstTokenTimeoutMs: number;
  /** Until the end of the reply. */
  readonly totalTimeoutMs: number;
}

/** Combines the caller's signal and the time-outs of a call; the abort reason is the `EngineError` of the first to occur. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** How long this thread's event loop has been blocked since the call began, in milliseconds. */
  readonly blockedMs: number;
  /** Restarts the time-out for the next piece of the reply. */
  pieceArrived(): void;
}

/**
 * Returns the time-outs for translating a text. The configured ones are meant for a sentence; a long text gets more time in
 * total, and until the first piece if the reply is not streamed.
 */
export function timeoutsFor(text: string, timeouts: CallTimeouts, isStreamed: boolean): CallTimeouts {
  const longerMs = longTextMs(text);
  return {
    firstTokenTimeoutMs: timeouts.firstTokenTimeoutMs + (isStreamed ? 0 : longerMs),
    totalTimeoutMs: timeouts.totalTimeoutMs + longerMs,
  };
}

/** Starts the time-outs of a call. Dispose the result when the call has ended, to stop its timers. */
export function startDeadline(signal: AbortSignal, timeouts: CallTimeouts): Deadline {
  const controller = new AbortController();
  const cancel = () => {
    controller.abort(new EngineCancelledError('the call was cancelled', { cause: signal.reason }));
  };
  const expire = (stage: TimeoutStage, timeoutMs: number, wasBlocked: boolean): void =>
    controller.abort(new (wasBlocked ? EventLoopBlockedError : EngineTimeoutError)(stage, timeoutMs));
  const { firstTokenTimeoutMs, totalTimeoutMs } = timeouts;

  const watch = loopLag.watch();
  const blockedBeforeMs = loopLag.blockedMs;
  let awaited: TimeoutStage = 'first-token';
  const silence = new Countdown(firstTokenTimeoutMs, (wasBlocked) => expire(awaited, firstTokenTimeoutMs, wasBlocked));
  const total = new Countdown(totalTimeoutMs, (wasBlocked) => expire('total', totalTimeoutMs, wasBlocked));
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });

  return {
    signal: controller.signal,
    get blockedMs() {
      return loopLag.blockedMs - blockedBeforeMs;
    },
    pieceArrived() {
      awaited = 'next-token';
      silence.restart();
    },
    [Symbol.dispose]() {
      silence.stop();
      total.stop();
      watch[Symbol.dispose]();
      signal.removeEventListener('abort', cancel);
    },
  };
}

/**
 * A time-out that does not count time during which the event loop was blocked and could not read a response. It is extended
 * by the blocked time, at most to twice its length; after that, it is reported as caused by the blocked loop.
 */
class Countdown {
  readonly #timeoutMs: number;
  readonly #onExpired: (wasBlocked: boolean) => void;
  #timer: NodeJS.Timeout;
  #blockedBeforeMs = loopLag.blockedMs;
  #addedMs = 0;

  constructor(timeoutMs: number, onExpired: (wasBlocked: boolean) => void) {
    this.#timeoutMs = timeoutMs;
    this.#onExpired = onExpired;
    this.#timer = setTimeout(() => this.#expire(), timeoutMs);
  }

  restart(): void {
    this.#blockedBeforeMs = loopLag.blockedMs;
    if (this.#addedMs === 0) {
      this.#timer.refresh();
      return;
    }
    this.#addedMs = 0;
    this.#wait(this.#timeoutMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#expire(), delayMs);
  }

  #expire(): void {
    const blockedMs = loopLag.blockedMs - this.#blockedBeforeMs - this.#addedMs;
    const moreMs = Math.min(blockedMs, this.#timeoutMs - this.#addedMs);
    if (moreMs < 1) {
      this.#onExpired(blockedMs >= 1);
      return;
    }
    this.#addedMs += moreMs;
    this.#wait(moreMs);
  }
}
