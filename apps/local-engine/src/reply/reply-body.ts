import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { CompletedReply } from './completed-reply.ts';
import { completionBody, type CompletionEvents, type CompletionHead } from './completion.ts';
import { paced } from './pacing.ts';

/** How to send a reply. */
export interface Sending {
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
  readonly perTokenMs: number;
  /** The number of tokens after which the connection is closed; `undefined` for none. */
  readonly cutAfterTokens: number | undefined;
  readonly cut: () => Promise<never>;
  /** Resolves if something may be sent; never on a silenced connection. */
  readonly untilNotSilenced: () => Promise<void>;
}

/** Time for the last write to be flushed, which the streams in between don't report. */
const flushMs = 10;

/** Sends a reply as a whole, or half of it before closing the connection. */
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

/** Sends a reply token by token, to its end or until the connection is closed. */
export function sendStream(
  reply: FastifyReply,
  events: CompletionEvents,
  { tokens, finishReason, usage }: CompletedReply,
  { signal, perTokenMs, cutAfterTokens, cut, untilNotSilenced }: Sending,
): FastifyReply {
  async function* eventStream(): AsyncGenerator<string> {
    yield events.start();
    for await (const batch of paced(tokens.slice(0, cutAfterTokens), perTokenMs, signal)) {
      await untilNotSilenced();
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
