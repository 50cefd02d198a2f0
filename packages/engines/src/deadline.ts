import { EngineCancelledError, EngineTimeoutError, type TimeoutStage } from '@parley/translation';

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
  /** A piece of the reply has come: the next one has as much time as the first had. */
  pieceArrived(): void;
}

/** Starts the clocks of a call. Dispose it when the call is over, or its timers run on. */
export function startDeadline(signal: AbortSignal, timeouts: CallTimeouts): Deadline {
  const controller = new AbortController();
  const cancel = () => {
    controller.abort(new EngineCancelledError('the call was cancelled', { cause: signal.reason }));
  };
  const expire = (stage: TimeoutStage, timeoutMs: number): void =>
    controller.abort(new EngineTimeoutError(stage, timeoutMs));
  const { firstTokenTimeoutMs, totalTimeoutMs } = timeouts;

  let awaited: TimeoutStage = 'first-token';
  const silence = setTimeout(() => expire(awaited, firstTokenTimeoutMs), firstTokenTimeoutMs);
  const total = setTimeout(() => expire('total', totalTimeoutMs), totalTimeoutMs);
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });

  return {
    signal: controller.signal,
    pieceArrived() {
      awaited = 'next-token';
      silence.refresh();
    },
    [Symbol.dispose]() {
      clearTimeout(silence);
      clearTimeout(total);
      signal.removeEventListener('abort', cancel);
    },
  };
}
