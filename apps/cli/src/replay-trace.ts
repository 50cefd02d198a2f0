import type { Client } from '@parley/client';
import { RevisionCounter } from './trace/revision-counter.ts';
import { TraceClock } from './trace/trace-clock.ts';
import type { TraceEvent } from './trace/trace.ts';

export interface ReplayOptions {
  readonly from: string;
  readonly to: readonly string[];
  readonly speed: number;
  /** The most milliseconds to wait for what is open when the talk is over. */
  readonly drainTimeoutMs: number;
  readonly signal: AbortSignal;
  readonly onSpoken: (event: TraceEvent) => void;
}

/**
 * Plays a trace in real time into a session of its own. An abort ends the talk early; what was accepted is still awaited.
 *
 * @throws ServerError, ConnectionClosedError, DeadlineError
 */
export async function replayTrace(
  client: Client,
  events: readonly TraceEvent[],
  options: ReplayOptions,
): Promise<void> {
  const { from, to, speed, drainTimeoutMs, signal, onSpoken } = options;
  const session = await client.startSession(
    { sourceLanguage: from, targetLanguages: [...to], ordered: true },
    { signal },
  );
  const clock = new TraceClock(speed);
  const revisions = new RevisionCounter();
  const accepted: Promise<void>[] = [];
  let lastMs = 0;
  for (const event of events) {
    if (!(await clock.pause(event.t - lastMs, signal))) break;
    lastMs = event.t;
    const { segment: segmentId, text } = event;
    onSpoken(event);
    if (event.final) accepted.push(handled(session.sendFinal({ segmentId, text }, { timeoutMs: drainTimeoutMs })));
    else session.sendPartial({ segmentId, revision: revisions.next(segmentId), text });
  }
  await Promise.all(accepted);
  await session.end({ timeoutMs: drainTimeoutMs });
}

/** The rejection is seen when all are awaited, not at once. */
function handled(promise: Promise<void>): Promise<void> {
  promise.catch(() => undefined);
  return promise;
}
