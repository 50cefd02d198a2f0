import type { ServerMessage } from '@parley/protocol';
import type { PartialKey } from './held-partials.ts';
import type { Outbox } from './outbox.ts';

/** Sends a message by what it is: a partial may be replaced by a newer one, and is by its final. `frame` is its JSON. */
export function post(outbox: Outbox, message: ServerMessage, frame: string): void {
  switch (message.type) {
    case 'translation.partial':
      outbox.sendPartial(translation(message), frame);
      return;
    case 'transcript.partial':
      outbox.sendPartial({ kind: 'transcript', segmentId: message.segmentId }, frame);
      return;
    case 'translation.final':
    case 'translation.failed':
      outbox.conclude(translation(message));
      break;
    case 'transcript.final':
      outbox.conclude({ kind: 'transcript', segmentId: message.segmentId });
      break;
  }
  outbox.send(frame);
}

function translation({ segmentId, targetLanguage }: { segmentId: number; targetLanguage: string }): PartialKey {
  return { kind: 'translation', segmentId, targetLanguage };
}
