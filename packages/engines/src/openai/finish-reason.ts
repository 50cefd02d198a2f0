import { EngineReplyError, EngineUnavailableError, type EngineError } from '@parley/translation';

/** A reply came to the limit of its tokens before its end. */
export class OutputLimitError extends EngineReplyError {
  /** What there is of it and was given to nobody. */
  readonly unread: string;

  constructor(unread = '') {
    super("the translation outgrew the reply's limit of tokens");
    this.unread = unread;
  }
}

/**
 * The ends that say that a reply is whole: `stop` of the API itself
 * (https://platform.openai.com/docs/api-reference/chat/object), and what other vendors document for the same: `eos`
 * (Together), `eos_token` and `stop_sequence` (Text Generation Inference), `end_turn` (Anthropic), `COMPLETE` (Cohere).
 */
const whole = new Set(['stop', 'eos', 'eos_token', 'stop_sequence', 'end_turn', 'complete']);

/** `MAX_TOKENS` is Gemini's own word, `model_length` Mistral's for the end of the context window. */
const outgrown = new Set(['length', 'max_tokens', 'model_length', 'model_context_window_exceeded']);

/** The second half are Gemini's own words: https://ai.google.dev/api/generate-content#FinishReason */
const withheld = new Set([
  'content_filter',
  'refusal',
  'safety',
  'recitation',
  'language',
  'blocklist',
  'prohibited_content',
  'spii',
]);

/**
 * The server gave up, whatever the text was: `error` (OpenRouter, Mistral, vLLM), `abort` (vLLM, SGLang),
 * `insufficient_system_resource` (DeepSeek), `load` and `unload` (Ollama).
 */
const broken = new Set(['error', 'abort', 'insufficient_system_resource', 'load', 'unload']);

/**
 * The reason for the end that a reply, or a chunk of a stream, gives.
 *
 * @returns `undefined` where it gives none: none is there, `null`, or the word "null"
 */
export function finishReasonOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === 'null') return undefined;
  return typeof value === 'string' ? value.trim().toLowerCase() : 'unreadable';
}

/**
 * The reason for an end that is told in several words: the API's own, and what a gateway quotes of the model's server
 * (OpenRouter's `native_finish_reason`). The first that says something counts, unless another one is known to be bad: a
 * gateway that doesn't know a word may take it for `stop`.
 */
export function finishReasonAmong(values: readonly unknown[]): string | undefined {
  const told = values.map(finishReasonOf).filter((word) => word !== undefined);
  const bad = told.find((word) => [outgrown, withheld, broken].some((words) => words.has(word)));
  return bad ?? told.find((word) => word !== '') ?? told[0];
}

/**
 * Why a reply that ended for this reason is no whole translation. Only the known good ends are good: half a sentence
 * reads like a whole one.
 *
 * @param unread what there is of the reply, where nobody was given it yet
 * @returns `undefined` for a good end
 */
export function endError(finishReason: string, unread = ''): EngineError | undefined {
  if (whole.has(finishReason)) return undefined;
  // Gemini adds its own word: `content_filter: SAFETY`.
  const [word = ''] = finishReason.split(':', 1);
  if (outgrown.has(word)) return new OutputLimitError(unread);
  if (withheld.has(word)) return new EngineReplyError('a content filter withheld the translation');
  if (broken.has(word)) return new EngineUnavailableError(`the engine broke off its reply: ${word}`);
  // Anything that is no word of an API might be something that was said.
  const named = /^[a-z_-]{1,40}$/.test(word) ? word : 'unreadable';
  return new EngineReplyError(`the reply did not end as a whole one does: ${named}`);
}
