import type { ServerMessage } from '@parley/protocol';
import { serverSentEvent } from './server-sent-event.ts';
import { textFrame } from './text-frame.ts';

/** A message to one or more clients. What a transport sends is built once, on first use. */
export abstract class OutgoingMessage {
  #frame: Buffer | undefined;
  #event: Buffer | undefined;

  abstract readonly message: ServerMessage;
  /** The offset with which a client that has received this message resumes; `undefined` if it changes nothing. */
  abstract readonly resumeOffset: number | undefined;

  /** The message as a WebSocket frame. */
  get frame(): Buffer {
    return (this.#frame ??= textFrame(JSON.stringify(this.message)));
  }

  /** The message as a server-sent event. */
  get event(): Buffer {
    return (this.#event ??= serverSentEvent(this.message, this.resumeOffset));
  }
}

/** A message for one client. */
export class Reply extends OutgoingMessage {
  readonly message: ServerMessage;
  readonly resumeOffset: number | undefined;

  constructor(message: ServerMessage, resumeOffset?: number) {
    super();
    this.message = message;
    this.resumeOffset = resumeOffset;
  }
}
