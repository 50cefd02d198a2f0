import type { FinalJobData, JobOutcome, QueueProducer, QueueWork } from '@parley/queues';
import type { DegradedNotices } from '@parley/redis/channel';
import type { EarlierFinals } from '@parley/redis/log';
import type { CorrectionStore } from '@parley/redis/correction';
import { UnreadableFinalError, type PendingStore } from '@parley/redis/pending';
import type { SegmentTarget } from '@parley/redis/segment';
import type { UsageLedger } from '@parley/redis/usage';
import type { Logger, WorkerMetrics } from '@parley/telemetry';
import { isLongText, type TranslationService } from '@parley/translation';
import type { PoisonJobMutex } from '../supervisor/poison-job-mutex.ts';
import { CorrectedText, type TextStore } from './corrected-text.ts';
import { failedFinal } from './failed-final.ts';
import { translateFinal } from './final-translation.ts';

export interface FinalHandlerDependencies {
  readonly queues: Pick<QueueProducer, 'add'>;
  readonly pending: PendingStore;
  readonly corrections: CorrectionStore;
  readonly earlierFinals: EarlierFinals;
  readonly translations: TranslationService;
  readonly spending: Pick<UsageLedger, 'sessionWritten' | 'stability'>;
  readonly notices: Pick<DegradedNotices, 'publish'>;
  readonly metrics: WorkerMetrics;
  readonly logger: Logger;
  /** Whether this thread held the open segment of a final. */
  readonly hasHeld: (sessionId: string, segmentId: number) => boolean;
  /** Shared by all consumers of the process. */
  readonly poisonJobMutex: PoisonJobMutex;
}

/** A final is failed after this many workers died with it. */
const maxStalls = 3;
/** An unreadable final may have been written by a newer version, and may be readable for another worker. */
const maxReads = 3;
const readRetryMs = 1000;
/** How long a corrected text waits each time that it finds its final unfinished. */
const earlyRetryMs = 250;
/** Minimum delay before a stalled final tries to acquire the mutex again; the maximum is three times as long. */
const mutexRetryMs = 100;

/**
 * Creates the handler that translates an accepted final, or a corrected text, for one target. Its result, a translation or
 * a failure, is written to the log.
 *
 * A final whose worker died may have caused that. From then on it runs with no other stalled final in its process, so that
 * the others are not affected, and it is failed after three workers died.
 *
 * @param queue whose jobs it handles; a long final is moved from that of short ones to its own
 */
export function createFinalHandler(
  deps: FinalHandlerDependencies,
  queue: 'final' | 'long-final',
): (work: QueueWork<FinalJobData>) => Promise<JobOutcome> {
  return async (work) => {
    const { data } = work;
    const texts = data.isCorrection === true ? new CorrectedText(deps.corrections) : deps.pending;
    if (work.stalls >= maxStalls) {
      return fail(deps, texts, segmentTargetOf(data), 'the workers that tried to translate this text died');
    }
    if (work.stalls === 0) return await readAndTranslate(deps, texts, work, queue);
    if (!deps.poisonJobMutex.tryAcquire()) return { againInMs: mutexRetryMs * (1 + 2 * Math.random()) };
    try {
      return await readAndTranslate(deps, texts, work, queue);
    } finally {
      deps.poisonJobMutex.release();
    }
  };
}

async function readAndTranslate(
  deps: FinalHandlerDependencies,
  texts: TextStore,
  work: QueueWork<FinalJobData>,
  queue: 'final' | 'long-final',
): Promise<JobOutcome> {
  const { data, priority } = work;
  const segmentTarget = segmentTargetOf(data);
  let final: Awaited<ReturnType<TextStore['read']>>;
  try {
    final = await texts.read(segmentTarget);
  } catch (error) {
    if (!(error instanceof UnreadableFinalError)) throw error;
    const reads = (data.reads ?? 0) + 1;
    if (reads < maxReads) return { againInMs: readRetryMs, data: { ...data, reads } };
    deps.logger.error({ err: error, ...segmentTarget }, 'reading a final failed');
    return fail(deps, texts, segmentTarget, 'no worker can read this text');
  }
  if (final.status === 'none') return 'done';
  if (final.status === 'early') return { againInMs: earlyRetryMs };
  if (queue === 'final' && isLongText(final.text)) {
    await deps.queues.add('long-final', [{ data, priority }]);
    return 'done';
  }
  const history = final.settings.useHistory
    ? await deps.earlierFinals.before(segmentTarget, final.metadata.language)
    : [];
  const outcome = await translateFinal(
    { ...deps, pending: texts },
    {
      segmentTarget,
      final,
      history,
      earlier: data.earlier,
      signal: work.signal,
    },
  );
  if (outcome.type === 'postponed') {
    return { againInMs: outcome.delayMs, data: { ...data, earlier: outcome.retryState } };
  }
  if (outcome.type === 'stopped') return { againInMs: 0 };
  // The final may be the last of an ended session, whose usage is reported then.
  await deps.spending.sessionWritten(segmentTarget.sessionId);
  await texts.resolve(segmentTarget, outcome.entry);
  return 'done';
}

async function fail(
  deps: FinalHandlerDependencies,
  texts: TextStore,
  segmentTarget: SegmentTarget,
  message: string,
): Promise<JobOutcome> {
  if ((await texts.resolve(segmentTarget, failedFinal(segmentTarget, 'internal', message))) === 'resolved') {
    deps.metrics.finalFailed('internal');
  }
  return 'done';
}

function segmentTargetOf({ sessionId, segmentId, target }: SegmentTarget): SegmentTarget {
  return { sessionId, segmentId, target };
}
