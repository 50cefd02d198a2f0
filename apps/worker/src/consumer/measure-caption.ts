import type { ShownCaption } from '@parley/redis/log';
import type { SegmentTarget } from '@parley/redis/segment';
import type { SessionSettings } from '@parley/redis/session';
import type { UsageLedger } from '@parley/redis/usage';
import type { WorkerMetrics } from '@parley/telemetry';
import { stabilityMeasures, tallyFinal } from '@parley/translation';

export interface CaptionMeasurement {
  readonly spending: Pick<UsageLedger, 'stability'>;
  readonly metrics: Pick<WorkerMetrics, 'captionMeasured'>;
}

interface MeasuredCaption {
  readonly segmentTarget: SegmentTarget;
  readonly settings: Pick<SessionSettings, 'stability'>;
  /** What was shown when the final came; `undefined` if nothing was. */
  readonly caption: ShownCaption | undefined;
  /** The translation of the final. */
  readonly final: string;
}

/** Measures how still a caption was until its final; a final without translated partials is not measured. */
export function measureCaption(
  { spending, metrics }: CaptionMeasurement,
  { segmentTarget, settings, caption, final }: MeasuredCaption,
): void {
  const { text = '', concludedLength = 0, tally } = caption ?? {};
  if (tally === undefined) return;
  const { firstWordMs, ...counted } = tally;
  const counts = tallyFinal(
    { ...counted, shown: text, concluded: text.slice(0, concludedLength) },
    final,
    segmentTarget.target,
  );
  spending.stability(segmentTarget.sessionId, counts);
  metrics.captionMeasured(settings.stability, { ...stabilityMeasures(counts), firstWordMs });
}
