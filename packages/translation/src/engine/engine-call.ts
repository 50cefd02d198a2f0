import { isShowableBeginning } from '../guard/check-beginning.ts';
import { checkReply, isOverlong, type ReplyFlaw } from '../guard/check-reply.ts';
import { unwrapReply } from '../guard/unwrap-reply.ts';
import type { Engine, TranslationRequest } from './engine.ts';

/** One answered call: a translation, or why its reply is none. */
export interface EngineReply {
  readonly text: string;
  readonly flaw: ReplyFlaw | undefined;
  /** See `TranslationResult`. */
  readonly standIn?: true;
}

/**
 * Makes one call and puts the pieces of its reply together. A reply that outgrows any translation is not read to its end.
 *
 * @param onProgress hears the reply as far as it has come, whenever it has grown and looks like the beginning of a translation
 * @throws EngineError whatever the engine throws
 */
export async function callEngine(
  engine: Pick<Engine, 'translate'>,
  request: TranslationRequest,
  onProgress?: (text: string) => void,
): Promise<EngineReply> {
  let text = '';
  let isStandIn = false;
  for await (const piece of engine.translate(request)) {
    if (piece.type === 'stand-in') isStandIn = true;
    if (piece.type !== 'text') continue;
    text += piece.text;
    if (isOverlong(request, text)) break;
    if (onProgress !== undefined && isShowableBeginning(request, text.trim())) onProgress(text.trim());
  }
  text = unwrapReply(request.text, text);
  return { text, flaw: checkReply(request, text), ...(isStandIn ? { standIn: true } : {}) };
}
