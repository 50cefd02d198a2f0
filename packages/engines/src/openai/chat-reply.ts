import { EngineReplyError, EngineUnavailableError, type EngineUsage, type TranslationPiece } from '@parley/translation';
import { z } from 'zod';
import { parseJson, parseReply } from '../reply-json.ts';
import { errorBodySchema } from './error-body.ts';
import { OutputLimitError } from './output-limit-error.ts';

export const usageSchema = z
  .object({ prompt_tokens: z.int().nonnegative(), completion_tokens: z.int().nonnegative() })
  .transform((usage): EngineUsage => ({
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
  }));

const replySchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: usageSchema.nullish(),
});

/**
 * Holds that a reply came to its natural end.
 *
 * @param finishReason `stop`, `length`, `content_filter` ..., as in
 *   https://platform.openai.com/docs/api-reference/chat/object
 * @param unread what there is of the reply, where nobody was given it yet
 */
export function checkFinish(finishReason: string | null | undefined, refused: boolean, unread = ''): void {
  if (refused) throw new EngineReplyError('the model refused to translate');
  if (finishReason === 'length') throw new OutputLimitError(unread);
  if (finishReason === 'content_filter') throw new EngineReplyError('a content filter withheld the translation');
}

/**
 * Reads a reply that came in one piece; the usage is told first, also of one that can't be used.
 *
 * @throws EngineReplyError
 * @throws EngineUnavailableError where it tells of an error: a gateway's, which has answered 200 for the server behind it
 */
export function* readChatReply(text: string): Generator<TranslationPiece> {
  const json = parseJson(text);
  if (errorBodySchema.safeParse(json).success) throw new EngineUnavailableError('the engine answered with an error');
  const { choices, usage } = parseReply(replySchema, json);
  const [choice] = choices;
  if (usage) yield { type: 'usage', usage };
  const content = choice?.message.content ?? '';
  checkFinish(choice?.finish_reason, content === '' && typeof choice?.message.refusal === 'string', content);
  yield { type: 'text', text: content };
}
