import { checkReply, type ReplyFlaw } from '../guard/check-reply.ts';
import { GrowingReply } from '../guard/growing-reply.ts';
import type { Engine, TranslationRequest } from './engine.ts';

/** One answered call: a translation, or why its reply is none. */
export interface EngineReply {
  readonly text: string;
  readonly flaw: ReplyFlaw | undefined;
  /** See `TranslationResult`. */
  readonly standIn?: true;
}

/**
 * Makes one call and puts the pieces of its reply together, without the marks of a model's own format. A reply that
 * outgrows any translation is not read to its end.
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
  let shown = '';
  let isStandIn = false;
  for await (const piece of engine.translate(request)) {
    if (piece.type === 'stand-in') isStandIn = true;
    if (piece.type !== 'text') continue;
    reply.add(piece.text);
    if (reply.isOverlong) break;
    const { showable } = reply;
    if (showable === undefined || showable === shown) continue;
    shown = showable;
    onProgress?.(showable);
  }
  const text = reply.end();
  return { text, flaw: checkReply(request, text), ...(isStandIn ? { standIn: true } : {}) };
}
