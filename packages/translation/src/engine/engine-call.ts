import { checkReply, type ReplyFlaw } from '../guard/check-reply.ts';
import { GrowingReply } from '../guard/growing-reply.ts';
import type { Engine, TranslationRequest } from './engine.ts';

/** The reply to one call, with the reason if it is not accepted as a translation. */
export interface EngineReply {
  readonly text: string;
  readonly flaw: ReplyFlaw | undefined;
  /** See `TranslationResult`. */
  readonly isFallbackResult?: true;
}

/**
 * Makes one call, strips markers of the model's output format from the reply and checks it. The call is aborted once the
 * reply is longer than any translation could be.
 *
 * @param onProgress receives the whole reply so far, whenever it has grown and looks like the start of a translation
 * @throws EngineError from the engine
 */
export async function callEngine(
  engine: Pick<Engine, 'translate'>,
  request: TranslationRequest,
  onProgress?: (text: string) => void,
): Promise<EngineReply> {
  const reply = new GrowingReply(request);
  const overlong = new AbortController();
  let shown = '';
  const received = { pieces: 0 };

  const onText = (piece: string): void => {
    received.pieces += 1;
    if (overlong.signal.aborted) return;
    reply.add(piece);
    if (reply.isOverlong) {
      overlong.abort();
      return;
    }
    if (onProgress === undefined) return;
    const { showable } = reply;
    if (showable === undefined || showable === shown) return;
    shown = showable;
    onProgress(showable);
  };

  const signal = AbortSignal.any([request.signal, overlong.signal]);
  let isFallback: true | undefined;
  try {
    const answer = await engine.translate({ ...request, signal }, onText);
    ({ isFallback } = answer);
    // An engine may return its whole reply at the end, without streaming.
    if (received.pieces === 0) onText(answer.text);
  } catch (error) {
    // The call was aborted because its reply was too long; the text received so far is the reply.
    if (!overlong.signal.aborted) throw error;
  }
  const text = reply.end();
  return { text, flaw: checkReply(request, text), ...(isFallback ? { isFallbackResult: true } : {}) };
}
