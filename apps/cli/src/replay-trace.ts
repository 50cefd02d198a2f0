import { ServerError, type Client } from '@parley/client';
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
  /** The server refused a final. */
  readonly onRefused: (event: TraceEvent, error: ServerError) => void;
}

/**
 * Plays a trace in real time into a session of its own. An abort ends the talk early; what was accepted is still awaited,
 * and so are all others where a final is refused.
 *
 * @throws ServerError, ConnectionClosedError, DeadlineError
 */
export async function replayTrace(
  client: Client,
  events: readonly TraceEvent[],
  options: ReplayOptions,
): Promise<void> {
  const { from, to, speed, drainTimeoutMs, signal, onSpoken, onRefused } = options;
  const session = await client.startSession(
    { sourceLanguage: from, targetLanguages: [...to], ordered: true },
    { signal },
  );
  const clock = new TraceClock(speed);
  const revisions = new RevisionCounter();
  const accepted: Promise<unknown>[] = [];
  let lastMs = 0;
  for (const event of events) {
    if (!(await clock.pause(event.t - lastMs, signal))) break;
    lastMs = event.t;
    const { segment: segmentId, text } = event;
    onSpoken(event);
    if (event.final) {
      const sent = session.sendFinal({ segmentId, text }, { timeoutMs: drainTimeoutMs });
      accepted.push(sent.catch((error: unknown) => refused(event, error)));
    } else session.sendPartial({ segmentId, revision: revisions.next(segmentId), text });
  }
  const failures = await Promise.all(accepted);
  await session.end({ timeoutMs: drainTimeoutMs });
  const failure = failures.find((error) => error !== undefined);
  if (failure !== undefined) throw failure as Error;

  function refused(event: TraceEvent, error: unknown): unknown {
    if (!(error instanceof ServerError)) return error;
    onRefused(event, error);
    return undefined;
  }
}
