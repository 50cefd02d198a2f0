import type { FinalJobData } from '@parley/queues';
import type { DegradedNotices } from '@parley/redis/channel';
import type { LogEntry } from '@parley/redis/log';
import type { FinalWork, PendingStore } from '@parley/redis/pending';
import type { SegmentTarget } from '@parley/redis/segment';
import type { CaptionSpan, Logger, WorkerMetrics } from '@parley/telemetry';
import {
  EngineCancelledError,
  EngineError,
  RetryLater,
  type EarlierFinal,
  type TranslationService,
} from '@parley/translation';
import { degradedReason } from '../calls/degraded-reason.ts';
import { failedFinal } from './failed-final.ts';
import { retryState, stateAfterWait } from './stored-retry-state.ts';
import { measureCaption, type CaptionMeasurement } from './measure-caption.ts';
import { PreviewPublisher } from './preview-publisher.ts';
import { translationRequest } from '../calls/request.ts';
import { traceTranslation, traceWait } from '../calls/trace-translation.ts';
import { translationOutcome } from '../calls/translation-outcome.ts';

export interface FinalTranslationDependencies extends CaptionMeasurement {
  readonly pending: Pick<PendingStore, 'preview'>;
  readonly translations: TranslationService;
  readonly notices: Pick<DegradedNotices, 'publish'>;
  readonly metrics: WorkerMetrics;
  readonly logger: Logger;
  /** Whether this thread held the open segment of a final. */
  readonly hasHeld: (sessionId: string, segmentId: number) => boolean;
}

interface FinalUnderWay {
  readonly segmentTarget: SegmentTarget;
  readonly final: Extract<FinalWork, { status: 'outstanding' }>;
  /** Earlier finals of the session, if used as context. */
  readonly history: readonly EarlierFinal[];
  readonly earlier: FinalJobData['earlier'];
  readonly signal: AbortSignal;
}

/** `postponed`: to be continued after `delayMs`; `stopped`: to be done by another worker. */
type FinalOutcome =
  | { type: 'resolved'; entry: LogEntry & { type: 'translation' | 'failed' } }
  | { type: 'postponed'; delayMs: number; retryState: NonNullable<FinalJobData['earlier']> }
  | { type: 'stopped' };

/** Translates a final, with previews of a long one. */
export async function translateFinal(
  deps: FinalTranslationDependencies,
  underWay: FinalUnderWay,
): Promise<FinalOutcome> {
  const { segmentTarget, final, earlier } = underWay;
  const { text, metadata, tenant } = final;
  const traced = { ...segmentTarget, kind: 'final', text, metadata, tenant } as const;
  if (earlier === undefined) traceWait(traced);
  return await traceTranslation(traced, (span) => translate(deps, underWay, span));
}

async function translate(
  deps: FinalTranslationDependencies,
  { segmentTarget, final, history, earlier, signal }: FinalUnderWay,
  span: CaptionSpan,
): Promise<FinalOutcome> {
  const { segmentId, target: targetLanguage } = segmentTarget;
  const queueMs = Math.max(0, Date.now() - final.metadata.receivedAtMs);
  const common = { ...final.metadata, segmentId, targetLanguage, queueMs };
  if (earlier === undefined) deps.metrics.jobWaited('final', queueMs);
  // With history, a final's request differs from those of its partials. After a wait, nothing is handed over any more. Calls
  // of this thread are found without waiting.
  const isHandedOver =
    final.isHandedOver &&
    !final.settings.useHistory &&
    earlier === undefined &&
    !deps.hasHeld(segmentTarget.sessionId, segmentId);
  const preview = new PreviewPublisher({
    pending: deps.pending,
    segmentTarget,
    shown: final.shown,
    isConcluded: final.settings.stability === 'high',
    bodyFor: (caption) => ({ ...common, ...caption, type: 'partial', engineMs: 0 }),
  });
  try {
    const translated = await deps.translations.translateFinal(
      translationRequest(
        { ...final, isHandedOver, previous: final.shown.caption && { translation: final.shown.caption.text }, history },
        segmentTarget,
        'final',
        signal,
      ),
      {
        onProgress: (reply) => preview.progress(reply),
        earlier: earlier && retryState(earlier),
      },
    );
    const { text, engineMs, cached, joined, suspect, attempts } = translated;
    const outcome = translationOutcome(translated);
    span.set({ 'parley.outcome': outcome, 'parley.attempts': attempts });
    measureCaption(deps, { segmentTarget, settings: final.settings, caption: await preview.stop(), final: text });
    if (!cached && !joined) deps.metrics.engineCalled('final', engineMs);
    deps.metrics.translationEnded('final', outcome);
    const entry = { ...common, type: 'translation', text, cached, engineMs: Math.round(engineMs) } as const;
    return { type: 'resolved', entry: suspect ? { ...entry, flags: ['suspect'] } : entry };
  } catch (error) {
    const reason = degradedReason(error);
    if (reason !== undefined) {
      deps.metrics.callDegraded('final', reason);
      deps.notices.publish(segmentTarget.sessionId, reason);
    }
    if (error instanceof RetryLater) {
      span.set({ 'parley.outcome': 'postponed', 'parley.attempts': error.state.attempts });
      return { type: 'postponed', delayMs: error.delayMs, retryState: stateAfterWait(error) };
    }
    if (error instanceof EngineCancelledError && signal.aborted) {
      span.set({ 'parley.outcome': 'stopped' });
      return { type: 'stopped' };
    }
    span.set({ 'parley.outcome': 'failed' });
    span.failed(error);
    const code = error instanceof EngineError ? error.code : 'internal';
    deps.metrics.finalFailed(code);
    const { sessionId } = segmentTarget;
    const where = { err: error, tenant: final.tenant, sessionId, segmentId, targetLanguage };
    if (error instanceof EngineError) {
      // Messages of engine errors never contain transcript text.
      deps.logger.warn({ ...where, code, problem: error.message }, 'translating a final failed at the engine');
    } else {
      deps.logger.error(where, 'translating a final failed');
    }
    return { type: 'resolved', entry: failedFinal(segmentTarget, code) };
  } finally {
    await preview.stop();
  }
}
