import { callError } from './call-error.ts';
import { startDeadline, type CallTimeouts } from './deadline.ts';

/**
 * Does a piece of work that has its result at once, within the time-outs of a call.
 *
 * @throws EngineError of whatever the work throws; a defect of Parley's own as it is
 */
export async function underDeadline<Value>(
  signal: AbortSignal,
  timeouts: CallTimeouts & { readonly connectTimeoutMs: number },
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  using deadline = startDeadline(signal, timeouts);
  try {
    return await work(deadline.signal);
  } catch (error) {
    throw callError(error, deadline, timeouts.connectTimeoutMs);
  }
}
