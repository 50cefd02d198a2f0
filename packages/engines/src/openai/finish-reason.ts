import { EngineReplyError, EngineUnavailableError, type EngineError } from '@parley/translation';

/** The reply reached its token limit before it was complete. */
export class OutputLimitError extends EngineReplyError {
  /** The incomplete reply, if it was not passed on. */
  readonly unread: string;

  constructor(unread = '') {
    super('the translation exceeded the token limit of the reply');
    this.unread = unread;
  }
}

/**
 * Finish reasons of a complete reply: `stop` (https://platform.openai.com/docs/api-reference/chat/object) and documented
 * equivalents of other vendors: `eos` (Together), `eos_token` and `stop_sequence` (Text Generation Inference), `end_turn`
 * (Anthropic), `COMPLETE` (Cohere).
 */
const whole = new Set(['stop', 'eos', 'eos_token', 'stop_sequence', 'end_turn', 'complete']);

/** `MAX_TOKENS` is Gemini's; `model_length` is Mistral's for the end of the context window. */
const outgrown = new Set(['length', 'max_tokens', 'model_length', 'model_context_window_exceeded']);

/** From `safety` on, Gemini's: https://ai.google.dev/api/generate-content#FinishReason */
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
 * The server failed, regardless of the text: `error` (OpenRouter, Mistral, vLLM), `abort` (vLLM, SGLang),
 * `insufficient_system_resource` (DeepSeek), `load` and `unload` (Ollama).
 */
const broken = new Set(['error', 'abort', 'insufficient_system_resource', 'load', 'unload']);

/**
 * Normalizes the finish reason of a reply or a chunk.
 *
 * @returns `undefined` if there is none: missing, `null`, or the string "null"
 */
export function finishReasonOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === 'null') return undefined;
  return typeof value === 'string' ? value.trim().toLowerCase() : 'unreadable';
}

/**
 * Selects one of several finish reasons: the API's own, and that of the model's server as quoted by a gateway (OpenRouter's
 * `native_finish_reason`). The first non-empty one is used, unless another is known to be bad, since a gateway may map a
 * reason it does not know to `stop`.
 */
export function finishReasonAmong(values: readonly unknown[]): string | undefined {
  const told = values.map(finishReasonOf).filter((word) => word !== undefined);
  const bad = told.find((word) => [outgrown, withheld, broken].some((words) => words.has(word)));
  return bad ?? told.find((word) => word !== '') ?? told[0];
}

/**
 * Returns the error of a reply with this finish reason. Only known good reasons are accepted, since half a sentence may look
 * complete.
 *
 * @param unread the reply, if it was not passed on yet
 * @returns `undefined` if the reply is complete
 */
export function endError(finishReason: string, unread = ''): EngineError | undefined {
  if (whole.has(finishReason)) return undefined;
  // Gemini appends its own reason: `content_filter: SAFETY`.
  const [word = ''] = finishReason.split(':', 1);
  if (outgrown.has(word)) return new OutputLimitError(unread);
  if (withheld.has(word)) return new EngineReplyError('a content filter withheld the translation');
  if (broken.has(word)) return new EngineUnavailableError(`the engine aborted its reply: ${word}`);
  // Anything that does not look like a finish reason may be transcript text.
  const named = /^[a-z_-]{1,40}$/.test(word) ? word : 'unreadable';
  return new EngineReplyError(`unexpected finish reason: ${named}`);
}
