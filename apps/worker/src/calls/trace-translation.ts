import type { SegmentTarget, TranscriptMetadata } from '@parley/redis/segment';
import { inTrace, recordSpan, type CaptionAttributes, type CaptionSpan } from '@parley/telemetry';

/** A text that is being translated into one target. */
interface TracedText extends SegmentTarget {
  readonly kind: 'partial' | 'final';
  readonly text: string;
  readonly metadata: TranscriptMetadata;
  readonly tenant: string;
  /** Only partials have revisions. */
  readonly revision?: number;
}

/** Adds the time since the arrival of a text at the edge to its trace. */
export function traceWait(text: TracedText): void {
  const { traceparent, receivedAtMs } = text.metadata;
  recordSpan(traceparent, 'queue.wait', { startedAtMs: receivedAtMs, attributes: attributesOf(text) });
}

/** Does the translation in a span of the text's trace, in which calls of the engine become spans too. */
export function traceTranslation<Value>(
  text: TracedText,
  translate: (span: CaptionSpan) => Promise<Value>,
): Promise<Value> {
  return inTrace(text.metadata.traceparent, 'translate', { attributes: attributesOf(text) }, translate);
}

function attributesOf({
  sessionId,
  segmentId,
  target,
  kind,
  text,
  metadata,
  tenant,
  revision,
}: TracedText): CaptionAttributes {
  return {
    'parley.session.id': sessionId,
    'parley.segment.id': segmentId,
    ...(revision === undefined ? {} : { 'parley.revision': revision }),
    'parley.tenant': tenant,
    'parley.kind': kind,
    'parley.language.source': metadata.language,
    'parley.language.target': target,
    'parley.text.length': text.length,
  };
}
