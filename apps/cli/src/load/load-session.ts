import { setTimeout as sleep } from 'node:timers/promises';
import { sourceOfMarked, type HistoryReport } from '@parley/checker';
import { connect, ServerError, type Session } from '@parley/client';
import type { StabilitySetting } from '@parley/protocol';
import { recordHistory } from '../history-recorder.ts';
import { RevisionCounter, TraceClock } from '../trace/playback.ts';
import type { TalkEvent } from './talk.ts';

export interface LoadSessionOptions {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly from: string;
  readonly to: readonly string[];
  readonly speed: number;
  readonly talk: Iterable<TalkEvent>;
  readonly finalsOnly: boolean;
  readonly ordered: boolean;
  /** Whether translations are marked texts, from which the checker recovers the source. */
  readonly unmark: boolean;
  /** The option of the session; the server's default if `undefined`. Only with `off` are partials whole translations. */
  readonly stability: StabilitySetting | undefined;
  /** Delay before the session starts. */
  readonly delayMs: number;
  readonly drainTimeoutMs: number;
  /** Stops sending. */
  readonly signal: AbortSignal;
}

export interface LoadSessionReport {
  readonly history: HistoryReport;
  /** Why the session ended early. */
  readonly failure: string | undefined;
}

/** Runs one session until the signal, waits for outstanding translations, and checks its history. Never throws. */
export async function runLoadSession(options: LoadSessionOptions): Promise<LoadSessionReport> {
  const { url, apiKey, from, to, ordered, unmark, stability, delayMs, signal } = options;
  let history: { finish(): HistoryReport } | undefined;
  let failure: string | undefined;
  try {
    await sleep(delayMs);
    await using client = await connect({ url, apiKey });
    const exactPartials = stability === 'off';
    history = recordHistory(client, unmark ? { sourceOf: sourceOfMarked, exactPartials } : {});
    const session = await client.startSession({
      sourceLanguage: from,
      targetLanguages: [...to],
      ordered,
      ...(stability === undefined ? {} : { stability }),
    });
    await speak(session, options, signal);
    await session.end({ timeoutMs: options.drainTimeoutMs });
  } catch (error) {
    failure = (error as Error).message;
  }
  return { history: history?.finish() ?? emptyReport, failure };
}

const emptyReport: HistoryReport = {
  violations: [],
  latency: { partialMs: [], caughtUpMs: [], finalMs: [], finalAddedMs: [] },
  counts: { partialsSent: 0, partialsShown: 0, finalsSent: 0, finalsTranslated: 0, finalsFailed: 0, errors: new Map() },
};

async function speak(session: Session, options: LoadSessionOptions, signal: AbortSignal): Promise<void> {
  const { talk, speed, finalsOnly, drainTimeoutMs } = options;
  const clock = new TraceClock(speed);
  const revisions = new RevisionCounter();
  const lost = new AbortController();
  const stop = AbortSignal.any([signal, lost.signal]);
  const open = new Set<Promise<void>>();
  for (const { pauseMs, segmentId, final, text, stable } of talk) {
    if (!(await clock.pause(pauseMs, stop))) break;
    if (!final) {
      if (!finalsOnly) session.sendPartial({ segmentId, revision: revisions.next(segmentId), text, stable });
    } else {
      const accepted = session
        .sendFinal({ segmentId, text }, { timeoutMs: drainTimeoutMs })
        // The checker counts refusals; any other error means that the session is lost.
        .catch((error: unknown) => {
          if (!(error instanceof ServerError)) lost.abort(error);
        })
        .finally(() => open.delete(accepted));
      open.add(accepted);
    }
  }
  await Promise.all(open);
  lost.signal.throwIfAborted();
}
