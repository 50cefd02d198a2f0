import { setTimeout as sleep } from 'node:timers/promises';
import { sourceOfMarked, type HistoryReport } from '@parley/checker';
import { connect, ServerError, type Session } from '@parley/client';
import { recordHistory } from '../history-recorder.ts';
import { RevisionCounter } from '../trace/revision-counter.ts';
import { TraceClock } from '../trace/trace-clock.ts';
import type { TalkEvent } from './talk.ts';

export interface LoadSessionOptions {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly from: string;
  readonly to: readonly string[];
  readonly speed: number;
  readonly talk: Iterable<TalkEvent>;
  /** Sends no partials. */
  readonly finalsOnly: boolean;
  /** Asks for the translations of finals in the order of speaking. */
  readonly ordered: boolean;
  /** Whether translations are marked stand-ins whose source can be told. */
  readonly unmark: boolean;
  /** How long after the others it begins. */
  readonly delayMs: number;
  readonly drainTimeoutMs: number;
  /** Ends the talking. */
  readonly signal: AbortSignal;
}

export interface LoadSessionReport {
  readonly history: HistoryReport;
  /** Why the session did not come to its proper end. */
  readonly failure: string | undefined;
}

/** Speaks one session until the signal, waits for what is open, and judges what came. Never throws. */
export async function runLoadSession(options: LoadSessionOptions): Promise<LoadSessionReport> {
  const { url, apiKey, from, to, ordered, unmark, delayMs, signal } = options;
  const stability = unmark ? ({ stability: 'off' } as const) : {};
  let history: { finish(): HistoryReport } | undefined;
  let failure: string | undefined;
  try {
    await sleep(delayMs);
    await using client = await connect({ url, apiKey });
    history = recordHistory(client, unmark ? { sourceOf: sourceOfMarked, exactPartials: true } : {});
    const session = await client.startSession({
      sourceLanguage: from,
      targetLanguages: [...to],
      ordered,
      ...stability,
    });
    await speak(session, options, signal);
    await session.end({ timeoutMs: options.drainTimeoutMs });
  } catch (error) {
    failure = (error as Error).message;
  }
  return { history: history?.finish() ?? nothing, failure };
}

const nothing: HistoryReport = {
  violations: [],
  latency: { partialMs: [], caughtUpMs: [], finalMs: [], finalAddedMs: [] },
  counts: { partialsSent: 0, partialsShown: 0, finalsSent: 0, finalsTranslated: 0, finalsFailed: 0, errors: new Map() },
};

async function speak(session: Session, options: LoadSessionOptions, signal: AbortSignal): Promise<void> {
  const { talk, speed, finalsOnly, drainTimeoutMs } = options;
  const clock = new TraceClock(speed);
  const revisions = new RevisionCounter();
  const broken = new AbortController();
  const stop = AbortSignal.any([signal, broken.signal]);
  const open = new Set<Promise<void>>();
  for (const { pauseMs, segmentId, final, text } of talk) {
    if (!(await clock.pause(pauseMs, stop))) break;
    if (!final) {
      if (!finalsOnly) session.sendPartial({ segmentId, revision: revisions.next(segmentId), text });
    } else {
      const accepted = session
        .sendFinal({ segmentId, text }, { timeoutMs: drainTimeoutMs })
        // The checker counts refusals; anything else means that the session is no more.
        .catch((error: unknown) => {
          if (!(error instanceof ServerError)) broken.abort(error);
        })
        .finally(() => open.delete(accepted));
      open.add(accepted);
    }
  }
  await Promise.all(open);
  broken.signal.throwIfAborted();
}
