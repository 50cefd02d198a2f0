import type { Readable } from 'node:stream';
import {
  EngineError,
  EngineReplyError,
  EngineUnavailableError,
  type EngineAnswer,
  type EngineUsage,
} from '@parley/translation';
import { parseJson } from '../reply-json.ts';
import { endError } from './finish-reason.ts';
import { replyError } from './reply-error.ts';
import { readReplyEvents } from './reply-events.ts';
import { readReplyPart, type ReplyPart } from './reply-part.ts';

/** Data of the event that ends a stream. */
const lastData = '[DONE]';
/** How long to wait for the end of the body after that event, which frees the connection; then the connection is closed. */
const bodyEndTimeoutMs = 100;

/** The state of a reply while it is read. */
interface ReplyState {
  text: string;
  /** Whether it was not streamed, and so has been checked already. */
  isWhole: boolean;
  finishReason: string | undefined;
  refusal: string;
  /** Whether text followed a good finish reason: the server sends it with each chunk, so it does not mark the end. */
  goesOnAfterEnd: boolean;
  /** Whether `[DONE]` has come. */
  isDone: boolean;
  /** The last usage reported; some servers report cumulative usage with each chunk. */
  usage: EngineUsage | undefined;
}

/** Adds a chunk. A bad finish reason is not replaced by a later one. */
function addPart(state: ReplyState, { text, finishReason, refusal, usage }: ReplyPart): void {
  state.text += text;
  state.goesOnAfterEnd ||= text !== '' && state.finishReason !== undefined;
  const isBad = state.finishReason !== undefined && endError(state.finishReason) !== undefined;
  // Ollama and SGLang have sent an empty finish reason with each chunk.
  if (!isBad && finishReason !== '') state.finishReason = finishReason ?? state.finishReason;
  state.refusal += refusal;
  state.usage = usage ?? state.usage;
}

/** Checks that a stream had a good finish reason; `[DONE]` alone may also follow a broken reply. */
function checkStream({ finishReason, refusal, goesOnAfterEnd, isDone }: ReplyState): void {
  if (refusal !== '') throw refusalError();
  if (finishReason === undefined || (goesOnAfterEnd && !isDone))
    throw new EngineUnavailableError('the reply was cut off');
  const flaw = endError(finishReason);
  if (flaw !== undefined) throw flaw;
}

/** Returns the error of an `error` event. */
function eventError(data: string): EngineError {
  const json = data === '' ? undefined : parseJson(data);
  return replyError(json) ?? replyError({ error: json }) ?? new EngineUnavailableError('the engine aborted its reply');
}

function refusalError(): EngineReplyError {
  return new EngineReplyError('the model refused to translate');
}

/** Reads a reply that was not streamed. Without a finish reason it is complete, since its JSON is. */
function addWhole(state: ReplyState, json: string): void {
  const { hasChoice, text, refusal, finishReason, usage, error } = readReplyPart(parseJson(json));
  state.isWhole = true;
  state.usage = usage;
  if (error !== undefined) throw error;
  if (!hasChoice) throw new EngineReplyError("the engine's reply contains no choice");
  if (refusal !== '') throw refusalError();
  const flaw = finishReason === undefined ? undefined : endError(finishReason, text);
  if (flaw !== undefined) throw flaw;
  state.text = text;
}

async function readBody(body: Readable, state: ReplyState, onText: (text: string) => void): Promise<void> {
  let endTimeout: NodeJS.Timeout | undefined;
  try {
    for await (const event of readReplyEvents(body)) {
      if (state.isDone) continue;
      if (event.type === 'whole') {
        addWhole(state, event.text);
        onText(state.text);
        continue;
      }
      const data = event.data.trim();
      if (event.name?.toLowerCase() === 'error') throw eventError(data);
      if (data === '') continue;
      if (data === lastData) {
        state.isDone = true;
        endTimeout = setTimeout(() => body.destroy(), bodyEndTimeoutMs);
        continue;
      }
      const part = readReplyPart(parseJson(data));
      if (part.text !== '') onText(part.text);
      addPart(state, part);
      if (part.error !== undefined) throw part.error;
    }
  } catch (error) {
    // After `[DONE]` the reply is complete, even if its body ends with an error.
    if (!state.isDone) throw error;
  } finally {
    clearTimeout(endTimeout);
  }
}

/**
 * Reads a reply, streamed (https://platform.openai.com/docs/api-reference/chat-streaming) or not, regardless of what was
 * requested.
 *
 * @param onText receives the text while it is read
 * @throws EngineUnavailableError if it ends prematurely, contains an error or is not JSON
 * @throws EngineRateLimitedError if it reports a rate limit
 * @throws EngineReplyError if the model ended it without a complete translation; each with the usage, if reported
 */
export async function readChat(body: Readable, onText: (text: string) => void): Promise<EngineAnswer> {
  const state: ReplyState = {
    text: '',
    isWhole: false,
    finishReason: undefined,
    refusal: '',
    goesOnAfterEnd: false,
    isDone: false,
    usage: undefined,
  };
  try {
    await readBody(body, state, onText);
    if (!state.isWhole) checkStream(state);
  } catch (error) {
    if (error instanceof EngineError) error.usage = state.usage;
    throw error;
  }
  return { text: state.text, usage: state.usage };
}
