import { languageTagSchema, type LanguageTag } from '@parley/protocol';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { batchTexts } from './batch/batch-texts.ts';
import { responseFormatSchema, type BatchFormat } from './batch/response-format.ts';

/** The parts of a chat completion request that the engine uses. */
export interface ChatRequest {
  readonly model: string;
  /** The last user message, unchanged. */
  readonly text: string;
  /** The texts to translate: that message, or the texts of the batch in it. */
  readonly texts: readonly string[];
  /** The assistant's message directly before that message; `undefined`: none, or a batch. */
  readonly previous: string | undefined;
  /** The format of a batch reply; `undefined` for a single text. */
  readonly batch: BatchFormat | undefined;
  readonly source: LanguageTag;
  readonly target: LanguageTag;
  /** All messages joined; the prompt tokens are counted from it. */
  readonly prompt: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** The maximum number of tokens; longer replies are truncated. */
  readonly maxTokens: number;
}

const contentSchema = z
  .union([z.string(), z.array(z.object({ type: z.literal('text'), text: z.string() }))])
  .transform((content) => (typeof content === 'string' ? content : content.map(({ text }) => text).join('')));

const tokenLimitSchema = z.int().positive().nullish();

/** Other fields (temperature, seed, ...) are accepted and ignored. */
const bodySchema = z.object({
  model: z.string().min(1),
  messages: z
    .array(z.object({ role: z.enum(['system', 'developer', 'user', 'assistant']), content: contentSchema }))
    .min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: tokenLimitSchema,
  max_completion_tokens: tokenLimitSchema,
  response_format: responseFormatSchema.nullish(),
  n: z.literal(1, 'must be 1').nullish(),
});

/**
 * Parses a chat completion request: the last user message is the text, and the system message contains the lines
 * `Source language: English (en)` and `Target language: Spanish (es)`, the BCP 47 code in the last brackets. With a JSON
 * schema as `response_format` it is a batch: the text is a JSON array of strings.
 *
 * @throws ApiError with status 400 that names the field
 */
export function parseChatRequest(body: unknown): ChatRequest {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const param = issue?.path.join('.') ?? '';
    throw new ApiError(400, `${param === '' ? 'the body' : `'${param}'`}: ${issue?.message ?? 'is not valid'}`, {
      ...(param !== '' && { param }),
      code: 'invalid_value',
    });
  }
  const { model, messages, stream, stream_options, max_tokens, max_completion_tokens, response_format } = parsed.data;
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const text = messages[last]?.content;
  if (text === undefined) {
    throw new ApiError(400, "'messages': there is no user message to translate", { param: 'messages' });
  }
  const batch = response_format ?? undefined;
  const before = messages[last - 1];
  const rules = messages
    .filter(({ role }) => role === 'system' || role === 'developer')
    .map(({ content }) => content)
    .join('\n');
  return {
    model,
    text,
    texts: batch === undefined ? [text] : batchTexts(text, batch),
    previous: batch === undefined && before?.role === 'assistant' ? before.content : undefined,
    batch,
    source: languageIn(rules, 'Source language'),
    target: languageIn(rules, 'Target language'),
    prompt: messages.map(({ content }) => content).join(''),
    stream: stream ?? false,
    includeUsage: stream_options?.include_usage ?? false,
    maxTokens: max_completion_tokens ?? max_tokens ?? Infinity,
  };
}

function languageIn(rules: string, label: 'Source language' | 'Target language'): LanguageTag {
  const code = new RegExp(`^${label}:.*\\(([^()]*)\\)[^()\\n]*$`, 'm').exec(rules)?.[1];
  const tag = languageTagSchema.safeParse(code);
  if (tag.success) return tag.data;
  throw new ApiError(400, `the system message needs a line such as "${label}: Spanish (es)"`, {
    param: 'messages',
    code: 'missing_language',
  });
}
