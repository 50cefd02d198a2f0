import type { Readable } from 'node:stream';
import {
  EngineReplyError,
  termsOf,
  type BatchAnswer,
  type GlossaryEntry,
  type TranslationRequest,
} from '@parley/translation';
import { z } from 'zod';
import { chatRequest, messagesIn, type ChatRequest } from './chat-request.ts';
import type { Dialect } from './dialect.ts';
import { chatMessages } from './prompt.ts';
import { readChat } from './read-chat.ts';

const replySchema = z
  .string()
  .transform((content, context): unknown => {
    try {
      return JSON.parse(content);
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.object({ translations: z.array(z.string()) }));

/** Structured output: https://platform.openai.com/docs/guides/structured-outputs */
const responseFormat = {
  type: 'json_schema',
  json_schema: {
    name: 'translations',
    strict: true,
    schema: {
      type: 'object',
      properties: { translations: { type: 'array', items: { type: 'string' } } },
      required: ['translations'],
      additionalProperties: false,
    },
  },
};

/**
 * Builds one request for several texts, with a JSON array as the user message. The rest is as for the first text, whose
 * settings all texts share.
 */
export function batchRequest(
  requests: readonly TranslationRequest[],
  { model, dialect }: { readonly model: string; readonly dialect: Dialect },
): ChatRequest {
  const [first] = requests;
  if (first === undefined) throw new RangeError('a batch must contain at least one text');
  const texts = JSON.stringify(requests.map(({ text }) => text));
  const whole = { ...first, text: texts, terms: termsOfAll(requests) };
  const single = chatRequest(whole, { model, stream: false, predictions: false, dialect });
  const rule = `The user message is a JSON array of ${requests.length} texts that have nothing to do with each other. Reply with a JSON object whose "translations" are their translations, one for each, in the same order.`;
  const messages = chatMessages(whole).map(({ role, content }) => ({
    role,
    content: role === 'system' ? `${content}\n${rule}` : content,
  }));
  return {
    ...single,
    messages: messagesIn(dialect, messages),
    // Without it, only the rule asks for this format; an unusable reply makes the batch fall apart.
    ...(dialect.responseFormat ? { response_format: responseFormat } : {}),
  };
}

/** Returns the terms of all texts without duplicates; the texts of a batch have the same glossary. */
function termsOfAll(requests: readonly TranslationRequest[]): readonly GlossaryEntry[] {
  const terms = requests.flatMap(termsOf).map((term) => [JSON.stringify(term), term] as const);
  return [...new Map(terms).values()];
}

/**
 * Reads the reply to a batch.
 *
 * @param body read by `readChat`, with the same errors
 * @throws EngineReplyError unless there is one translation per text
 */
export async function readBatchReply(body: Readable, count: number): Promise<BatchAnswer> {
  const { text, usage } = await readChat(body, () => undefined);
  const parsed = replySchema.safeParse(text);
  const texts = parsed.data?.translations;
  if (texts?.length === count) return { texts, usage };
  const error = new EngineReplyError(
    texts === undefined
      ? "the engine's reply to a batch has an unexpected format"
      : `the engine returned ${texts.length} translations for ${count} texts`,
  );
  error.usage = usage;
  throw error;
}
