import type { OutgoingMessage } from '../src/core/outgoing-message.ts';
import { textFrame } from '../src/core/text-frame.ts';

/** A message with any text, for a WebSocket. */
export function textMessage(text: string): OutgoingMessage {
  return { frame: textFrame(text) } as unknown as OutgoingMessage;
}
