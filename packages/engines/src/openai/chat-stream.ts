import type { Readable } from 'node:stream';
import { EngineUnavailableError, type EngineError, type EngineUsage, type TranslationPiece } from '@parley/translation';
import { parseJson } from '../reply-json.ts';
import { readChatReply, refusalError } from './chat-reply.ts';
import { endError } from './finish-reason.ts';
import { readReplyEvents } from './reply-events.ts';
import { readReplyPart, type ReplyPart } from './reply-part.ts';
import { replyError } from './reply-error.ts';

/** The data of the event that ends a stream. */
const lastData = '[DONE]';
/**
 * How long the end of the body is waited for after that event: read to its end, its connection is free again. A server
 * that leaves it open loses the connection.
 */
const readOnMs = 100;

/** What is known of a reply besides its text. */
interface ReplyState {
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

async function* readBody(body: Readable, state: ReplyState): AsyncGenerator<TranslationPiece> {
  let leave: NodeJS.Timeout | undefined;
  try {
    for await (const event of readReplyEvents(body)) {
      if (state.isDone) continue;
      if (event.type === 'whole') {
        state.isWhole = true;
        yield* readChatReply(event.text);
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
      if (part.text !== '') yield { type: 'text', text: part.text };
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
 * whatever was asked for. The usage is told once, also of a reply that can't be used.
 *
 * @throws EngineUnavailableError where it ends before the model said that it was done, or tells of an error
 * @throws EngineRateLimitedError where it tells of a rate limit
 * @throws EngineReplyError where the model ended it otherwise than with a whole translation
 */
export async function* readChat(body: Readable): AsyncGenerator<TranslationPiece> {
  const state: ReplyState = {
    isWhole: false,
    finishReason: undefined,
    refusal: '',
    goesOnAfterEnd: false,
    isDone: false,
    usage: undefined,
  };
  try {
    yield* readBody(body, state);
    if (!state.isWhole) checkStream(state);
  } catch (error) {
    if (state.usage !== undefined) yield { type: 'usage', usage: state.usage };
    throw error;
  }
  if (state.usage !== undefined) yield { type: 'usage', usage: state.usage };
}
