import type { FastifyInstance, FastifyReply } from 'fastify';
import { parseChatRequest, type ChatRequest } from '../chat-request.ts';
import type { EngineParts } from '../engine-parts.ts';
import { faultError } from '../faults/fault-error.ts';
import { faultName } from '../faults/faults.ts';
import { strikeConnection } from '../faults/strike-connection.ts';
import { replyMs } from '../latency.ts';
import { countedTokens, limitHeaders, rateLimitError } from '../rate-limit/answer.ts';
import { completedReply } from '../reply/completed-reply.ts';
import { CompletionEvents, type CompletionHead } from '../reply/completion.ts';
import { isComplete, watchExchange } from '../reply/exchange.ts';
import { waitUntil } from '../reply/pacing.ts';
import { sendStream, sendWhole, type Sending } from '../reply/reply-body.ts';
import { replyContent } from '../reply/reply-content.ts';
import type { RequestOutcome } from '../stats.ts';

/**
 * `POST /v1/chat/completions`, plain and streamed. The reply is completed first, and then sent when the latency model and
 * the gate allow it: a plain one as a whole, a streamed one token by token. A disconnect of the client cancels the work.
 */
export function chatCompletions(app: FastifyInstance, parts: EngineParts): void {
  const { translator, drawTiming, limiter, gate, faults, connections, stats, logger } = parts;
  const interrupted = new WeakSet<FastifyReply>();
  let replies = 0;

  function admit(chat: ChatRequest, reply: FastifyReply): void {
    const refusal = limiter.admit(countedTokens(chat));
    reply.headers(limitHeaders(limiter));
    if (refusal === undefined) return;
    stats.rateLimited();
    throw rateLimitError(refusal, chat.model, limiter.settings.retryHint);
  }

  function requestOutcome(reply: FastifyReply): RequestOutcome {
    if (interrupted.has(reply)) return 'failed';
    if (!isComplete(reply)) return 'aborted';
    if (reply.statusCode < 400) return 'completed';
    return reply.statusCode < 500 ? 'rejected' : 'failed';
  }

  app.post('/v1/chat/completions', {
    onRequest: (_request, reply, done) => {
      stats.requestStarted();
      reply.raw.once('close', () => stats.requestEnded(requestOutcome(reply)));
      reply.headers(limitHeaders(limiter));
      done();
    },
    handler: async (request, reply) => {
      const startMs = performance.now();
      const timing = drawTiming();
      const { signal, closed } = watchExchange(reply);
      const chat = parseChatRequest(request.body);
      admit(chat, reply);
      replies += 1;
      const { text, texts, batch, source, target, stream } = chat;
      const created = Math.floor(Date.now() / 1000);
      const head = { id: `chatcmpl-${replies}`, model: chat.model, created } satisfies CompletionHead;

      const fault = faults.strike({ target, texts, batch: batch !== undefined });
      if (fault !== undefined) stats.faultStruck(faultName(fault));
      const content = await replyContent(chat, fault, { translator, number: replies, signal });
      const completed = completedReply(chat, content);
      const { tokens, usage } = completed;
      reply.raw.once('close', () => {
        const outcome = requestOutcome(reply);
        if (outcome === 'completed') stats.replyCompleted(target, usage, texts.length);
        const durationMs = Math.round(performance.now() - startMs);
        logger.debug(
          { id: head.id, source, target, texts: texts.length, stream, ...usage, outcome, durationMs },
          'request finished',
        );
      });

      const slowMs = fault !== undefined && 'slowMs' in fault ? fault.slowMs : 0;
      await waitUntil(startMs + slowMs + (stream ? timing.firstTokenMs : replyMs(timing, tokens.length)), signal);
      await gate.pass({ id: head.id, target, text }, closed, signal);
      if (fault !== undefined && 'effect' in fault && fault.effect === 'reset') interrupted.add(reply);
      await strikeConnection(fault, request, connections);
      if (fault !== undefined && 'status' in fault) throw faultError(fault, limiter.settings.retryHint);

      const sending: Sending = {
        signal,
        perTokenMs: timing.perTokenMs,
        cutAfterTokens: fault !== undefined && 'cutAfterTokens' in fault ? fault.cutAfterTokens : undefined,
        cut: () => {
          interrupted.add(reply);
          connections.cut(request);
          return connections.leaveUnanswered(request);
        },
        untilNotSilenced: async () => {
          if (connections.isSilent(request)) await connections.leaveUnanswered(request);
        },
      };
      return stream
        ? sendStream(reply, new CompletionEvents(head, chat.includeUsage), completed, sending)
        : sendWhole(reply, head, completed, sending);
    },
  });
}
