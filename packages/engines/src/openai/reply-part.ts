import type { EngineError, EngineUsage } from '@parley/translation';
import { z } from 'zod';
import { finishReasonAmong } from './finish-reason.ts';
import { replyError } from './reply-error.ts';
import { readUsage } from './usage.ts';

/** What counts of one JSON value of a reply: a whole reply, or one chunk of a stream. */
export interface ReplyPart {
  /** Whether it is about the text at all; a chunk may tell the usage alone. */
  readonly hasChoice: boolean;
  readonly text: string;
  /** What the model says where it refuses. */
  readonly refusal: string;
  readonly finishReason: string | undefined;
  readonly usage: EngineUsage | undefined;
  readonly error: EngineError | undefined;
}

/** A text, or a part of one; whatever else there may be in a content, such as thoughts, is no text. */
const textPart = z
  .union([z.string(), z.object({ type: z.enum(['text', 'output_text']).nullish(), text: z.string() })])
  .transform((part) => (typeof part === 'string' ? part : part.text))
  .catch('');
const content = z.union([z.array(textPart).transform((parts) => parts.join('')), textPart]).catch('');

const messageSchema = z.object({ content, refusal: z.string().catch('') });

/** A reply has a `message`, a chunk a `delta`. Everything in it may be missing, `null` or of an unknown form. */
const choiceSchema = z.object({
  index: z.unknown().optional(),
  message: messageSchema.optional().catch(undefined),
  delta: messageSchema.optional().catch(undefined),
  finish_reason: z.unknown().optional(),
  /** OpenRouter quotes the word of the server behind it: https://openrouter.ai/docs/api-reference/overview */
  native_finish_reason: z.unknown().optional(),
  /** Some older models, and what imitates them, tell the end here alone. */
  finish_details: z.object({ type: z.unknown().optional() }).optional().catch(undefined),
  error: z.unknown().optional(),
  usage: z.unknown().optional(),
});

const partSchema = z.object({
  choices: z.array(choiceSchema.optional().catch(undefined)).catch([]),
  usage: z.unknown().optional(),
  /** Groq tells the usage of a stream here: https://console.groq.com/docs/api-reference#chat-create */
  x_groq: z.object({ usage: z.unknown().optional() }).optional().catch(undefined),
});

/** Whether a choice is the first one: no second one was asked for, and what is not numbered is the first. */
function isFirst(index: unknown): boolean {
  return index === undefined || index === null || Number(index) === 0;
}

/** Where a whole reply numbers its choices otherwise, the client takes the first of them. A chunk may be of a second one. */
function onlyReply(
  choices: readonly (z.output<typeof choiceSchema> | undefined)[],
): z.output<typeof choiceSchema> | undefined {
  const [choice] = choices;
  return choice?.message === undefined ? undefined : choice;
}

/**
 * Reads what is needed of one JSON value and passes over the rest, as the clients of the vendors do: whoever is stricter
 * than they are refuses good translations.
 */
export function readReplyPart(json: unknown): ReplyPart {
  const { choices, usage, x_groq: groq } = partSchema.safeParse(json).data ?? { choices: [], usage: undefined };
  const choice = choices.find((one) => one !== undefined && isFirst(one.index)) ?? onlyReply(choices);
  const message = (choice?.message?.content ?? '') === '' && choice?.delta ? choice.delta : choice?.message;
  return {
    hasChoice: choice !== undefined,
    text: message?.content ?? '',
    refusal: message?.refusal.trim() ?? '',
    finishReason: finishReasonAmong([
      choice?.finish_reason,
      choice?.finish_details?.type,
      choice?.native_finish_reason,
    ]),
    usage: readUsage(usage) ?? readUsage(groq?.usage) ?? readUsage(choice?.usage),
    error: replyError(json) ?? replyError({ error: choice?.error }),
  };
}
