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

/** The data of the event that ends a stream. */
const lastData = '[DONE]';
/**
 * How long the end of the body is waited for after that event: read to its end, its connection is free again. A server
 * that leaves it open loses the connection.
 */
const readOnMs = 100;

/** What is known of a reply so far. */
interface ReplyState {
  text: string;
  /** Whether it came in one piece, and so has been checked. */
  isWhole: boolean;
  finishReason: string | undefined;
  refusal: string;
  /** Whether text came after a good end: then the server says it with each chunk, and it ends nothing. */
  goesOnAfterEnd: boolean;
  /** Whether `[DONE]` has come. */
  isDone: boolean;
  /** The last one that was told: servers that tell it with each chunk count on. */
  usage: EngineUsage | undefined;
}

/** Adds a chunk. A bad end is not made good by what follows it. */
function addPart(state: ReplyState, { text, finishReason, refusal, usage }: ReplyPart): void {
  state.text += text;
  state.goesOnAfterEnd ||= text !== '' && state.finishReason !== undefined;
  const isBad = state.finishReason !== undefined && endError(state.finishReason) !== undefined;
  // An empty word stands for none: Ollama and SGLang have sent it with each chunk.
  if (!isBad && finishReason !== '') state.finishReason = finishReason ?? state.finishReason;
  state.refusal += refusal;
  state.usage = usage ?? state.usage;
}

/** Holds that a stream told of its end, and of a good one: `[DONE]` alone ends also what broke off. */
function checkStream({ finishReason, refusal, goesOnAfterEnd, isDone }: ReplyState): void {
  if (refusal !== '') throw refusalError();
  if (finishReason === undefined || (goesOnAfterEnd && !isDone))
    throw new EngineUnavailableError('the reply was cut off');
  const flaw = endError(finishReason);
  if (flaw !== undefined) throw flaw;
}

/** The error of an event that is called one. */
function eventError(data: string): EngineError {
  const json = data === '' ? undefined : parseJson(data);
  return (
    replyError(json) ?? replyError({ error: json }) ?? new EngineUnavailableError('the engine broke off its reply')
  );
}

/** Of a model that won't translate. */
function refusalError(): EngineReplyError {
  return new EngineReplyError('the model refused to translate');
}

/** Adds a reply that came in one piece. One that gives no reason for its end is whole, for its JSON is. */
function addWhole(state: ReplyState, json: string): void {
  const { hasChoice, text, refusal, finishReason, usage, error } = readReplyPart(parseJson(json));
  state.isWhole = true;
  state.usage = usage;
  if (error !== undefined) throw error;
  if (!hasChoice) throw new EngineReplyError("the engine's reply holds no choice");
  if (refusal !== '') throw refusalError();
  const flaw = finishReason === undefined ? undefined : endError(finishReason, text);
  if (flaw !== undefined) throw flaw;
  state.text = text;
}

async function readBody(body: Readable, state: ReplyState, onText: (text: string) => void): Promise<void> {
  let leave: NodeJS.Timeout | undefined;
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
        leave = setTimeout(() => body.destroy(), readOnMs);
        continue;
      }
      const part = readReplyPart(parseJson(data));
      if (part.text !== '') onText(part.text);
      addPart(state, part);
      if (part.error !== undefined) throw part.error;
    }
  } catch (error) {
    // Whatever becomes of its end, the reply is there.
    if (!state.isDone) throw error;
  } finally {
    clearTimeout(leave);
  }
}

/**
 * Reads a reply, streamed (https://platform.openai.com/docs/api-reference/chat-streaming) or in one piece: as what it is,
 * whatever was asked for.
 *
 * @param onText hears the text while it comes
 * @throws EngineUnavailableError where it ends before the model said that it was done, tells of an error, or is no JSON
 * @throws EngineRateLimitedError where it tells of a rate limit
 * @throws EngineReplyError where the model ended it otherwise than with a whole translation; each with the usage, if told
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
