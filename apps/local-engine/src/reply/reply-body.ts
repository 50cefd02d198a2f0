import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { CompletedReply } from './completed-reply.ts';
import { completionBody, type CompletionEvents, type CompletionHead } from './completion.ts';
import { paced } from './pacing.ts';

/** How a reply goes over its connection. */
export interface Sending {
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
  readonly perTokenMs: number;
  /** Where the connection is cut instead of ending the reply; `undefined`: it isn't. */
  readonly cutAfterTokens: number | undefined;
  readonly cut: () => Promise<never>;
  /** Settles when something may be sent: never on a connection that has fallen silent. */
  readonly whenAudible: () => Promise<void>;
}

/** What was written last has left by then; the streams in between don't tell. */
const flushMs = 10;

/** Sends a reply in one piece; or half of it, and cuts the connection. */
export function sendWhole(
  reply: FastifyReply,
  head: CompletionHead,
  { tokens, finishReason, usage }: CompletedReply,
  { cutAfterTokens, cut }: Sending,
): FastifyReply {
  const body = Buffer.from(JSON.stringify(completionBody(head, tokens.join(''), finishReason, usage)));
  reply.type('application/json; charset=utf-8');
  if (cutAfterTokens === undefined) return reply.send(body);
  async function* half(): AsyncGenerator<Buffer> {
    yield body.subarray(0, body.length / 2);
    await delay(flushMs);
    await cut();
  }
  return reply.header('content-length', body.length).send(Readable.from(half()));
}

/** Sends a reply token by token, to its end or to where it is cut. */
export function sendStream(
  reply: FastifyReply,
  events: CompletionEvents,
  { tokens, finishReason, usage }: CompletedReply,
  { signal, perTokenMs, cutAfterTokens, cut, whenAudible }: Sending,
): FastifyReply {
  async function* eventStream(): AsyncGenerator<string> {
    yield events.start();
    for await (const batch of paced(tokens.slice(0, cutAfterTokens), perTokenMs, signal)) {
      await whenAudible();
      yield batch.map((token) => events.content(token)).join('');
    }
    if (cutAfterTokens !== undefined) {
      await delay(flushMs);
      await cut();
    }
    yield events.end(finishReason, usage);
  }
  return reply
    .headers({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
    .send(Readable.from(eventStream()));
}
