import type { EngineError, EngineUsage } from '@parley/translation';
import { z } from 'zod';
import { finishReasonAmong } from './finish-reason.ts';
import { replyError } from './reply-error.ts';
import { readUsage } from './usage.ts';

/** The relevant parts of a reply or of one chunk of a stream. */
export interface ReplyPart {
  /** Whether it contains a choice; a chunk may contain only the usage. */
  readonly hasChoice: boolean;
  readonly text: string;
  /** The model's message if it refuses. */
  readonly refusal: string;
  readonly finishReason: string | undefined;
  readonly usage: EngineUsage | undefined;
  readonly error: EngineError | undefined;
}

/** Text content; other parts, such as reasoning, are ignored. */
const textPart = z
  .union([z.string(), z.object({ type: z.enum(['text', 'output_text']).nullish(), text: z.string() })])
  .transform((part) => (typeof part === 'string' ? part : part.text))
  .catch('');
const content = z.union([z.array(textPart).transform((parts) => parts.join('')), textPart]).catch('');

const messageSchema = z.object({ content, refusal: z.string().catch('') });

/** A reply has a `message`, a chunk a `delta`. Any field may be missing, `null` or malformed. */
const choiceSchema = z.object({
  index: z.unknown().optional(),
  message: messageSchema.optional().catch(undefined),
  delta: messageSchema.optional().catch(undefined),
  finish_reason: z.unknown().optional(),
  /** OpenRouter quotes the reason of the underlying server: https://openrouter.ai/docs/api-reference/overview */
  native_finish_reason: z.unknown().optional(),
  /** Some older models and compatible servers report the finish reason only here. */
  finish_details: z.object({ type: z.unknown().optional() }).optional().catch(undefined),
  error: z.unknown().optional(),
  usage: z.unknown().optional(),
});

const partSchema = z.object({
  choices: z.array(choiceSchema.optional().catch(undefined)).catch([]),
  usage: z.unknown().optional(),
  /** Groq reports the usage of a stream here: https://console.groq.com/docs/api-reference#chat-create */
  x_groq: z.object({ usage: z.unknown().optional() }).optional().catch(undefined),
});

/** Whether a choice is the first one; only one was requested, and a missing index means the first. */
function isFirst(index: unknown): boolean {
  return index === undefined || index === null || Number(index) === 0;
}

/** Accepts the first choice of a non-streamed reply whatever its index. A chunk may belong to a second choice. */
function onlyReply(
  choices: readonly (z.output<typeof choiceSchema> | undefined)[],
): z.output<typeof choiceSchema> | undefined {
  const [choice] = choices;
  return choice?.message === undefined ? undefined : choice;
}

/**
 * Reads the relevant parts of a JSON value and ignores the rest, as lenient as the vendors' own clients: stricter parsing
 * would reject good translations.
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
