import type { DegradedNotices } from '@parley/redis/channel';
import type { SegmentWork } from '@parley/redis/segment';
import type { CaptionSpan, WorkerMetrics } from '@parley/telemetry';
import {
  EngineCancelledError,
  EngineDownError,
  EngineError,
  type JobRequest,
  type TranslationResult,
  type TranslationService,
} from '@parley/translation';
import { degradedReason } from '../calls/degraded-reason.ts';
import type { EngineLoadMeter } from '../calls/engine-load-meter.ts';
import { partialCost } from '../calls/partial-cost.ts';
import { rateLimitWaitMs } from '../calls/retry-after.ts';
import { traceTranslation, traceWait } from '../calls/trace-translation.ts';
import { translationOutcome } from '../calls/translation-outcome.ts';
import type { CallSlot } from './call-slots.ts';
import type { CallEnd } from './segment-progress.ts';

export interface PartialCallDependencies {
  readonly translations: Pick<TranslationService, 'translatePartial'>;
  readonly meter: Pick<EngineLoadMeter, 'called' | 'rateLimited'>;
  readonly notices: Pick<DegradedNotices, 'publish'>;
  readonly metrics: Pick<WorkerMetrics, 'translationEnded' | 'callDegraded' | 'engineCalled'>;
}

/** Maximum delay before an engine that is down or at its rate limit is called again. */
const longestWaitMs = 3000;

/** The translation of one revision of an open segment into one target. */
export class PartialCall {
  readonly work: SegmentWork;
  readonly request: JobRequest;
  readonly #deps: PartialCallDependencies;
  readonly #unwanted = new AbortController();

  constructor(work: SegmentWork, request: JobRequest, deps: PartialCallDependencies) {
    this.work = work;
    this.request = { ...request, unwanted: this.#unwanted.signal };
    this.#deps = deps;
  }

  get isCancelled(): boolean {
    return this.#unwanted.signal.aborted;
  }

  cancel(): void {
    this.#unwanted.abort();
  }

  /**
   * Returns the translation, or how the call ended without one.
   *
   * @param slot is released when the call has ended
   * @param onProgress receives the reply so far while it is streamed, until the call is cancelled
   */
  async translate(slot: CallSlot, onProgress?: (reply: string) => void): Promise<TranslationResult | CallEnd> {
    const { work, request } = this;
    const { segmentId, revision, metadata } = work;
    const { text, target, tenant = '', session: sessionId = '' } = request;
    const traced = { sessionId, segmentId, target, kind: 'partial', text, metadata, tenant, revision } as const;
    traceWait(traced);
    return await traceTranslation(traced, (span) => this.#translate(span, slot, onProgress));
  }

  async #translate(
    span: CaptionSpan,
    slot: CallSlot,
    onProgress: ((reply: string) => void) | undefined,
  ): Promise<TranslationResult | CallEnd> {
    const { translations, metrics, meter } = this.#deps;
    try {
      const translated = await translations.translatePartial(
        this.request,
        onProgress &&
          ((reply) => {
            // The call may continue for others.
            if (!this.isCancelled) onProgress(reply);
          }),
        (text) => this.#nextTurn(slot, text),
      );
      const outcome = translationOutcome(translated);
      span.set({ 'parley.outcome': outcome, 'parley.attempts': translated.attempts });
      metrics.translationEnded('partial', outcome);
      if (outcome === 'translated') {
        metrics.engineCalled('partial', translated.engineMs);
        meter.called(translated.engineMs);
      }
      return translated;
    } catch (error) {
      return this.#failed(error, span);
    } finally {
      slot[Symbol.dispose]();
    }
  }

  /** The pieces of a long text take turns with the calls of others. */
  #nextTurn(slot: CallSlot, text: string): Promise<void> {
    const { tenant = '', session = '', signal } = this.request;
    const cost = partialCost(text);
    return slot.nextTurn({ tenant, session, cost }, AbortSignal.any([signal, this.#unwanted.signal]));
  }

  #failed(error: unknown, span: CaptionSpan): CallEnd {
    const { metrics, meter, notices } = this.#deps;
    const { session } = this.request;
    const reason = degradedReason(error);
    if (reason === 'rate-limited') meter.rateLimited();
    if (reason !== undefined) metrics.callDegraded('partial', reason);
    if (reason !== undefined && session !== undefined) notices.publish(session, reason);
    if (!(error instanceof EngineError)) throw error;
    const isCancelled = error instanceof EngineCancelledError && this.isCancelled;
    const outcome = isCancelled ? 'cancelled' : 'dropped';
    metrics.translationEnded('partial', outcome);
    span.set({ 'parley.outcome': outcome });
    if (!isCancelled) span.failed(error);
    if (isCancelled) return { type: 'cancelled' };
    const waitMs = error instanceof EngineDownError ? error.retryAfterMs : rateLimitWaitMs(error);
    // Partials are not retried: a newer one follows, or the edge requeues this one. If no call was made, for lack of
    // capacity or of an engine, the newest revision is translated when there may be capacity again.
    if (waitMs === undefined) return { type: 'given-up' };
    return { type: 'wait', untilMs: performance.now() + Math.min(waitMs, longestWaitMs) };
  }
}
