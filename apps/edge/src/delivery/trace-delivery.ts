import { recordSpan } from '@parley/telemetry';
import type { Delivery } from './delivery.ts';

/** Delivers a result to the subscribers on this edge and, if any of them receives it, completes the trace of its caption. */
export function traceDelivery(delivery: Delivery, sessionId: string, deliver: () => void): void {
  const { item, subject } = delivery;
  const result = item.kind === 'log' ? item.entry : item.partial;
  const startedAtMs = Date.now();
  deliver();
  if (!('traceparent' in result) || subject === undefined || !delivery.isSent) return;
  recordSpan(result.traceparent, 'deliver', {
    startedAtMs,
    attributes: {
      'parley.session.id': sessionId,
      'parley.segment.id': subject.segmentId,
      ...(item.kind === 'partial' ? { 'parley.revision': item.revision } : {}),
      'parley.language.target': subject.target,
      'parley.message.type': delivery.message.type,
    },
  });
}
