import { languageTagSchema, type LanguageTag } from '@parley/protocol';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { batchTexts } from './batch/batch-texts.ts';
import { responseFormatSchema, type BatchFormat } from './batch/response-format.ts';

/** What the engine needs of a chat completion request. */
export interface ChatRequest {
  readonly model: string;
  /** The last user message, as it came. */
  readonly text: string;
  /** What is to be translated: that message, or the texts of a batch in it. */
  readonly texts: readonly string[];
  /** The form of a batch's reply; `undefined`: the reply is the translation of the one text. */
  readonly batch: BatchFormat | undefined;
  readonly source: LanguageTag;
  readonly target: LanguageTag;
  /** Everything the client sent to be read, joined: what its prompt tokens are counted from. */
  readonly prompt: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** The most tokens of the reply; what goes beyond is cut off. */
  readonly maxTokens: number;
}

const contentSchema = z
  .union([z.string(), z.array(z.object({ type: z.literal('text'), text: z.string() }))])
  .transform((content) => (typeof content === 'string' ? content : content.map(({ text }) => text).join('')));

const tokenLimitSchema = z.int().positive().nullish();

/** Fields that are not named here (temperature, seed, ...) are accepted and make no difference. */
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
 * Reads a chat completion request: the last user message is the text, and the system message holds the lines
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
  const text = messages.findLast(({ role }) => role === 'user')?.content;
  if (text === undefined) {
    throw new ApiError(400, "'messages': there is no user message to translate", { param: 'messages' });
  }
  const batch = response_format ?? undefined;
  const rules = messages
    .filter(({ role }) => role === 'system' || role === 'developer')
    .map(({ content }) => content)
    .join('\n');
  return {
    model,
    text,
    texts: batch === undefined ? [text] : batchTexts(text, batch),
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
