import {
  EngineCancelledError,
  EngineTimeoutError,
  EventLoopBlockedError,
  longTextMs,
  type TimeoutStage,
} from '@parley/translation';
import { loopLag } from './loop-lag.ts';

/** How long one call may take. */
export interface CallTimeouts {
  /** Until the first piece of the reply, and from each one to the next; a reply that comes in one piece is all first piece. */
  readonly firstTokenTimeoutMs: number;
  /** Until the last one. */
  readonly totalTimeoutMs: number;
}

/** The caller's signal and the time-outs of one call, in one signal whose reason is the `EngineError` of what came first. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** For how long this thread's event loop was blocked since the call began, in ms. */
  readonly blockedMs: number;
  /** A piece of the reply has come: the next one has as much time as the first had. */
  pieceArrived(): void;
}

/**
 * The time-outs for the translation of a text. They are set for a sentence, and a long text takes longer: all in all, and
 * until the first piece where that is the whole reply.
 *
 * @param isStreamed whether the reply comes in pieces, which tell that the engine is at work
 */
export function timeoutsFor(text: string, timeouts: CallTimeouts, isStreamed: boolean): CallTimeouts {
  const longerMs = longTextMs(text);
  return {
    firstTokenTimeoutMs: timeouts.firstTokenTimeoutMs + (isStreamed ? 0 : longerMs),
    totalTimeoutMs: timeouts.totalTimeoutMs + longerMs,
  };
}

/** Starts the clocks of a call. Dispose it when the call is over, or its timers run on. */
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
 * A time-out that counts only time in which the event loop could read what the engine sent. The time for which the loop was
 * blocked is added, up to as much again as the time-out; if that is used up as well, the time-out tells nothing of the engine.
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
