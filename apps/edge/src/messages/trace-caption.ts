import type { TranscriptCorrect, TranscriptFinal, TranscriptPartial } from '@parley/protocol';
import type { TranscriptMetadata } from '@parley/redis/segment';
import { activeTraceparent, inNewTrace } from '@parley/telemetry';

const spanNames = {
  'transcript.partial': 'caption.partial',
  'transcript.final': 'caption.final',
  'transcript.correct': 'caption.correction',
} as const;

interface CaptionOrigin {
  readonly message: TranscriptPartial | TranscriptFinal | TranscriptCorrect;
  readonly sessionId: string;
  readonly tenant: string;
  readonly receivedAtMs: number;
}

/** Begins the trace of a caption, with a span from the arrival of its frame until `handle` has ended. */
export function traceCaption<Value>(
  { message, sessionId, tenant, receivedAtMs }: CaptionOrigin,
  handle: () => Promise<Value>,
): Promise<Value> {
  const attributes = {
    'parley.session.id': sessionId,
    'parley.segment.id': message.segmentId,
    ...('revision' in message ? { 'parley.revision': message.revision } : {}),
    'parley.tenant': tenant,
    'parley.text.length': message.text.length,
  };
  return inNewTrace(spanNames[message.type], { attributes, startedAtMs: receivedAtMs }, handle);
}

/** Adds the current trace to metadata, by which the worker and the delivery of the result continue it. */
export function withTrace({ traceparent: _earlier, ...metadata }: TranscriptMetadata): TranscriptMetadata {
  const traceparent = activeTraceparent();
  return traceparent === undefined ? metadata : { ...metadata, traceparent };
}
