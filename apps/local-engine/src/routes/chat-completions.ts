import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { ApiError } from '../api-error.ts';
import { parseChatRequest, type ChatRequest } from '../chat-request.ts';
import { completionBody, CompletionEvents, type CompletionHead, type FinishReason } from '../completion.ts';
import type { EngineParts } from '../engine-parts.ts';
import { isComplete, watchExchange } from '../exchange.ts';
import { replyMs } from '../latency.ts';
import { paced, waitUntil } from '../pacing.ts';
import type { RequestOutcome, TokenUsage } from '../stats.ts';
import { countTokens, tokenize } from '../tokens.ts';

interface CompletedReply {
  readonly tokens: readonly string[];
  readonly finishReason: FinishReason;
  readonly usage: TokenUsage;
}

/**
 * `POST /v1/chat/completions`, plain and streamed. A reply is complete first and is then sent when the latency model
 * and the gate let it: a plain one as a whole, a streamed one token by token. A client that leaves ends the work.
 */
export function chatCompletions(
  app: FastifyInstance,
  { translator, drawTiming, gate, faults, stats, logger }: EngineParts,
): void {
  let replies = 0;

  app.post('/v1/chat/completions', {
    onRequest: (_request, reply, done) => {
      stats.requestStarted();
      reply.raw.once('close', () => stats.requestEnded(outcomeOf(reply)));
      done();
    },
    handler: async (request, reply) => {
      const startMs = performance.now();
      const timing = drawTiming();
      const { signal, closed } = watchExchange(reply);
      const chat = parseChatRequest(request.body);
      replies += 1;
      const head = {
        id: `chatcmpl-${replies}`,
        model: chat.model,
        created: Math.floor(Date.now() / 1000),
      } satisfies CompletionHead;

      const { text, source, target, stream } = chat;
      const fault = faults.strike(chat);
      const translation =
        fault !== undefined && 'reply' in fault
          ? fault.reply
          : await translator.translate({ text, source, target, signal });
      const { tokens, finishReason, usage } = complete(chat, translation);
      reply.raw.once('close', () => {
        const outcome = outcomeOf(reply);
        if (outcome === 'completed') stats.replyCompleted(target, usage);
        const durationMs = Math.round(performance.now() - startMs);
        logger.debug({ id: head.id, source, target, stream, ...usage, outcome, durationMs }, 'replied');
      });

      await waitUntil(startMs + (stream ? timing.firstTokenMs : replyMs(timing, tokens.length)), signal);
      await gate.pass({ id: head.id, target, text }, closed, signal);
      if (fault !== undefined && 'status' in fault) {
        throw new ApiError(fault.status, 'fails as it was told to', { code: 'told_to_fail' });
      }
      if (!stream) return completionBody(head, tokens.join(''), finishReason, usage);

      const events = new CompletionEvents(head, chat.includeUsage);
      async function* eventStream(): AsyncGenerator<string> {
        yield events.start();
        for await (const batch of paced(tokens, timing.perTokenMs, signal)) {
          yield batch.map((token) => events.content(token)).join('');
        }
        yield events.end(finishReason, usage);
      }
      return reply
        .headers({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
        .send(Readable.from(eventStream()));
    },
  });
}

function complete({ prompt, maxTokens }: ChatRequest, translation: string): CompletedReply {
  const all = tokenize(translation);
  const tokens = all.slice(0, maxTokens);
  return {
    tokens,
    finishReason: tokens.length < all.length ? 'length' : 'stop',
    usage: { promptTokens: countTokens(prompt), completionTokens: tokens.length },
  };
}

function outcomeOf(reply: FastifyReply): RequestOutcome {
  if (!isComplete(reply)) return 'aborted';
  if (reply.statusCode < 400) return 'completed';
  return reply.statusCode < 500 ? 'rejected' : 'failed';
}
