import type { Readable } from 'node:stream';
import { createParser } from 'eventsource-parser';

/** A server-sent event, or the whole body if it is not an event stream. */
export type ReplyEvent =
  | { readonly type: 'event'; readonly name: string | undefined; readonly data: string }
  | { readonly type: 'whole'; readonly text: string };

/** First characters of the fields of an event stream, and the colon of a comment. */
const beginsEvents = /^[deir:]/;

/** Decodes a body and removes a byte order mark. */
async function* decoded(body: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const bytes of body) yield decoder.decode(bytes as Uint8Array, { stream: true });
  yield decoder.decode();
}

/**
 * Reads a body as an event stream or as a whole, regardless of the request and the content type: some servers do not support
 * streaming, and some always stream. They differ in the first character, since JSON starts unlike any event field.
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
  // The empty line after the last event may be missing.
  else parser.feed('\n\n');
  yield* events.splice(0);
}
