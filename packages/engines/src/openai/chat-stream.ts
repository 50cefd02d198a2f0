import type { Readable } from 'node:stream';
import { EngineUnavailableError, type TranslationPiece } from '@parley/translation';
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { parseJson, parseReply } from '../reply-json.ts';
import { checkFinish, usageSchema } from './chat-reply.ts';
import { errorBodySchema } from './error-body.ts';

const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: usageSchema.nullish(),
});

/** The data of the event that ends a stream. */
const lastData = '[DONE]';
/**
 * How long the end of the body is waited for after that event: read to its end, its connection is free again. A server
 * that leaves it open loses the connection.
 */
const readOnMs = 100;

/** The data of each server-sent event, as they come. */
async function* readEvents(body: Readable): AsyncGenerator<string> {
  const events: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => events.push(data) });
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    parser.feed(decoder.decode(bytes as Uint8Array, { stream: true }));
    yield* events.splice(0);
  }
}

/**
 * Reads a streamed reply: https://platform.openai.com/docs/api-reference/chat-streaming
 *
 * @throws EngineUnavailableError if it ends before the model said that it was done
 */
export async function* readChatStream(body: Readable): AsyncGenerator<TranslationPiece> {
  let finishReason: string | null | undefined;
  let [refused, ended] = [false, false];
  let leave: NodeJS.Timeout | undefined;
  try {
    for await (const data of readEvents(body)) {
      if (ended) continue;
      if (data === lastData) {
        ended = true;
        leave = setTimeout(() => body.destroy(), readOnMs);
        continue;
      }
      const json = parseJson(data);
      if (errorBodySchema.safeParse(json).success) throw new EngineUnavailableError('the engine broke off its reply');
      const { choices, usage } = parseReply(chunkSchema, json);
      const [choice] = choices;
      if (choice?.delta?.content) yield { type: 'text', text: choice.delta.content };
      refused ||= typeof choice?.delta?.refusal === 'string';
      finishReason = choice?.finish_reason ?? finishReason;
      if (usage) yield { type: 'usage', usage };
    }
  } catch (error) {
    // Whatever becomes of its end, the reply is there.
    if (!ended) throw error;
  } finally {
    clearTimeout(leave);
  }
  if (!ended && finishReason == null) throw new EngineUnavailableError('the reply was cut off');
  checkFinish(finishReason, refused);
}
