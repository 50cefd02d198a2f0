import { EngineCancelledError, EngineTimeoutError } from '@parley/translation';

/** How long one call may take. */
export interface CallTimeouts {
  /** Until the first piece of the reply; a reply that comes in one piece is all first piece. */
  readonly firstTokenTimeoutMs: number;
  /** Until the last one. */
  readonly totalTimeoutMs: number;
}

/** The caller's signal and the time-outs of one call, in one signal whose reason is the `EngineError` of what came first. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** From now on only the total time counts. */
  firstTokenArrived(): void;
}

/** Starts the clocks of a call. Dispose it when the call is over, or its timers run on. */
export function startDeadline(signal: AbortSignal, timeouts: CallTimeouts): Deadline {
  const controller = new AbortController();
  const cancel = () => {
    controller.abort(new EngineCancelledError('the call was cancelled', { cause: signal.reason }));
  };
  const expireIn = (stage: 'first-token' | 'total', timeoutMs: number) =>
    setTimeout(() => controller.abort(new EngineTimeoutError(stage, timeoutMs)), timeoutMs);

  const firstToken = expireIn('first-token', timeouts.firstTokenTimeoutMs);
  const total = expireIn('total', timeouts.totalTimeoutMs);
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });

  return {
    signal: controller.signal,
    firstTokenArrived: () => clearTimeout(firstToken),
    [Symbol.dispose]() {
      clearTimeout(firstToken);
      clearTimeout(total);
      signal.removeEventListener('abort', cancel);
    },
  };
}
