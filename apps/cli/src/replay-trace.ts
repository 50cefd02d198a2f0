import { ServerError, type Client } from '@parley/client';
import { RevisionCounter, TraceClock } from './trace/playback.ts';
import type { TraceEvent } from './trace/trace.ts';

export interface ReplayOptions {
  readonly from: string;
  readonly to: readonly string[];
  /** The room whose join code the session takes. */
  readonly room: string | undefined;
  readonly speed: number;
  /** How long to wait for outstanding translations at the end. */
  readonly drainTimeoutMs: number;
  readonly signal: AbortSignal;
  readonly onTranscript: (event: TraceEvent) => void;
  readonly onRefused: (event: TraceEvent, error: ServerError) => void;
}

/**
 * Plays a trace in real time into a new session. An abort ends it early, but accepted finals are still awaited. A refused
 * final is reported and the rest of the trace is played.
 *
 * @throws ServerError, ConnectionClosedError, DeadlineError
 */
export async function replayTrace(
  client: Client,
  events: readonly TraceEvent[],
  options: ReplayOptions,
): Promise<void> {
  const { from, to, room, speed, drainTimeoutMs, signal, onTranscript, onRefused } = options;
  const session = await client.startSession(
    { sourceLanguage: from, targetLanguages: [...to], ordered: true, ...(room === undefined ? {} : { room }) },
    { signal },
  );
  const clock = new TraceClock(speed);
  const revisions = new RevisionCounter();
  const accepted: Promise<unknown>[] = [];
  let lastMs = 0;
  for (const event of events) {
    if (!(await clock.pause(event.t - lastMs, signal))) break;
    lastMs = event.t;
    const { segment: segmentId, text, stable } = event;
    onTranscript(event);
    if (event.final) {
      const sent = session.sendFinal({ segmentId, text }, { timeoutMs: drainTimeoutMs });
      accepted.push(sent.catch((error: unknown) => refused(event, error)));
    } else session.sendPartial({ segmentId, revision: revisions.next(segmentId), text, stable });
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
