import { EngineReplyError, type TranslationPiece } from '@parley/translation';
import { parseJson } from '../reply-json.ts';
import { endError } from './finish-reason.ts';
import { readReplyPart } from './reply-part.ts';

/** Of a model that won't translate. */
export function refusalError(): EngineReplyError {
  return new EngineReplyError('the model refused to translate');
}

/**
 * Reads a reply that came in one piece; the usage is told first, also of one that can't be used. One that gives no
 * reason for its end is whole, for its JSON is.
 *
 * @throws EngineReplyError where it is no whole translation
 * @throws EngineUnavailableError where it tells of an error, or is no JSON
 * @throws EngineRateLimitedError where it tells of a rate limit
 */
export function* readChatReply(text: string): Generator<TranslationPiece> {
  const { hasChoice, text: content, refusal, finishReason, usage, error } = readReplyPart(parseJson(text));
  if (usage !== undefined) yield { type: 'usage', usage };
  if (error !== undefined) throw error;
  if (!hasChoice) throw new EngineReplyError("the engine's reply holds no choice");
  if (refusal !== '') throw refusalError();
  const flaw = finishReason === undefined ? undefined : endError(finishReason, content);
  if (flaw !== undefined) throw flaw;
  yield { type: 'text', text: content };
}
