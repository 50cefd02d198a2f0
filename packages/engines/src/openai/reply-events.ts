import type { Readable } from 'node:stream';
import { createParser } from 'eventsource-parser';

/** What a body brings: a server-sent event, or all of it at once where it is no stream of events. */
export type ReplyEvent =
  | { readonly type: 'event'; readonly name: string | undefined; readonly data: string }
  | { readonly type: 'whole'; readonly text: string };

/** The first letters of the fields of a stream of events, and the colon that begins a comment. */
const beginsEvents = /^[deir:]/;

/** The text of a body, without a byte order mark. */
async function* decoded(body: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const bytes of body) yield decoder.decode(bytes as Uint8Array, { stream: true });
  yield decoder.decode();
}

/**
 * Reads a body as what it is, whatever was asked for and whatever its content type says: servers that can't stream answer
 * in one piece, and some stream unasked. Its first character tells: JSON begins as no field of an event does.
 */
export async function* readReplyEvents(body: Readable): AsyncGenerator<ReplyEvent> {
  const events: ReplyEvent[] = [];
  const parser = createParser({ onEvent: ({ event: name, data }) => events.push({ type: 'event', name, data }) });
  const whole: string[] = [];
  let isStream: boolean | undefined;
  for await (const piece of decoded(body)) {
    const text = isStream === undefined ? piece.trimStart() : piece;
    if (text === '') continue;
    isStream ??= beginsEvents.test(text);
    if (isStream) parser.feed(text);
    else whole.push(text);
    yield* events.splice(0);
  }
  if (isStream === false) yield { type: 'whole', text: whole.join('') };
  // The last event may lack the empty line that ends it.
  else parser.feed('\n\n');
  yield* events.splice(0);
}
