import { checkReply, type ReplyFlaw } from '../guard/check-reply.ts';
import { GrowingReply } from '../guard/growing-reply.ts';
import type { Engine, TranslationRequest } from './engine.ts';

/** One answered call: a translation, or why its reply is none. */
export interface EngineReply {
  readonly text: string;
  readonly flaw: ReplyFlaw | undefined;
  /** See `TranslationResult`. */
  readonly isFallbackResult?: true;
}

/**
 * Makes one call and judges its reply, without the marks of a model's own format. A reply that outgrows any translation
 * is not read to its end: the call is aborted.
 *
 * @param onProgress hears the reply as far as it has come, whenever it has grown and looks like the beginning of a translation
 * @throws EngineError whatever the engine throws
 */
export async function callEngine(
  engine: Pick<Engine, 'translate'>,
  request: TranslationRequest,
  onProgress?: (text: string) => void,
): Promise<EngineReply> {
  const reply = new GrowingReply(request);
  const overlong = new AbortController();
  let shown = '';
  const heard = { pieces: 0 };

  const onText = (piece: string): void => {
    heard.pieces += 1;
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
    // An engine may give its reply in one piece, at the end.
    if (heard.pieces === 0) onText(answer.text);
  } catch (error) {
    // What came is the reply; the failure is the end of the call that was aborted for it.
    if (!overlong.signal.aborted) throw error;
  }
  const text = reply.end();
  return { text, flaw: checkReply(request, text), ...(isFallback ? { isFallbackResult: true } : {}) };
}
