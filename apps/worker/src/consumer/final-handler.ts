import type { LaneOutcome, LaneWork } from '@parley/lanes';
import type { FinalWork, LogEntry, PendingStore, SlotName } from '@parley/state';
import type { Logger, WorkerMetrics } from '@parley/telemetry';
import { EngineCancelledError, EngineError, type TranslationService } from '@parley/translation';
import { PreviewPublisher } from './preview-publisher.ts';
import { translationRequest } from './request.ts';

export interface FinalHandlerDependencies {
  readonly pending: PendingStore;
  readonly translations: TranslationService;
  readonly metrics: WorkerMetrics;
  readonly logger: Logger;
}

/** A final that ended so many workers is given up. */
const maxStalls = 3;

type Outcome = { entry: LogEntry & { type: 'translation' | 'failed' }; tokens: number } | 'requeue';

/** Translates an accepted final for one target. Its one result, a translation or a failure, goes into the log. */
export function createFinalHandler(deps: FinalHandlerDependencies): (work: LaneWork) => Promise<LaneOutcome> {
  return async ({ data, stalls, signal }) => {
    const { sessionId, segmentId, target } = data;
    const slot = { sessionId, segmentId, target };
    const work = await deps.pending.read(slot);
    if (work.status === 'none') return 'done';
    const outcome =
      stalls >= maxStalls
        ? failed(slot, 'internal', 'the workers that tried to translate this text ended')
        : await translate(deps, slot, work, signal);
    if (outcome === 'requeue') return 'requeue';
    const entry = work.listenersOnly ? { ...outcome.entry, listenersOnly: true as const } : outcome.entry;
    await deps.pending.resolve(slot, entry, outcome.tokens);
    return 'done';
  };
}

async function translate(
  deps: FinalHandlerDependencies,
  slot: SlotName,
  work: Extract<FinalWork, { status: 'outstanding' }>,
  signal: AbortSignal,
): Promise<Outcome> {
  const { segmentId, target: targetLanguage } = slot;
  const queueMs = Math.max(0, Date.now() - work.spoken.receivedAtMs);
  const common = { ...work.spoken, segmentId, targetLanguage, queueMs };
  deps.metrics.jobWaited('final', queueMs);
  const preview = new PreviewPublisher((text) =>
    deps.pending.preview(slot, JSON.stringify({ ...common, type: 'partial', text, engineMs: 0 })),
  );
  try {
    const { text, engineMs, usage, cached } = await deps.translations.translateFinal(
      translationRequest(work, slot, 'final', signal),
      (soFar) => preview.progress(soFar),
    );
    deps.metrics.engineCalled('final', engineMs);
    deps.metrics.translationEnded('final', 'translated');
    return {
      entry: { ...common, type: 'translation', text, cached, engineMs: Math.round(engineMs) },
      tokens: usage === undefined ? 0 : usage.promptTokens + usage.completionTokens,
    };
  } catch (error) {
    if (error instanceof EngineCancelledError && signal.aborted) return 'requeue';
    if (error instanceof EngineError) {
      deps.metrics.translationEnded('final', 'failed');
      return failed(slot, error.code, error.message);
    }
    deps.logger.error({ err: error, sessionId: slot.sessionId, segmentId }, 'a final could not be translated');
    deps.metrics.translationEnded('final', 'failed');
    return failed(slot, 'internal', 'the translation failed');
  } finally {
    await preview.stop();
  }
}

function failed(slot: SlotName, code: Extract<LogEntry, { type: 'failed' }>['code'], message: string): Outcome {
  const { segmentId, target: targetLanguage } = slot;
  return { entry: { v: 1, type: 'failed', segmentId, targetLanguage, code, message }, tokens: 0 };
}
