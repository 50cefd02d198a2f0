import { checkReply } from '../guard/check-reply.ts';
import type { Engine, EngineUsage, TranslationRequest } from './engine.ts';
import type { EngineReplyError } from './engine-error.ts';

/** One answered call: a translation, or the reason why its reply is none. */
export interface EngineReply {
  readonly text: string;
  readonly usage: EngineUsage | undefined;
  readonly problem: EngineReplyError | undefined;
}

/**
 * Makes one call and puts the pieces of its reply together.
 *
 * @param onProgress hears the reply as far as it has come, whenever it has grown
 * @throws EngineError whatever the engine throws
 */
export async function callEngine(
  engine: Pick<Engine, 'translate'>,
  request: TranslationRequest,
  onProgress?: (text: string) => void,
): Promise<EngineReply> {
  let text = '';
  let usage: EngineUsage | undefined;
  for await (const piece of engine.translate(request)) {
    if (piece.type === 'usage') usage = piece.usage;
    if (piece.type !== 'text') continue;
    text += piece.text;
    onProgress?.(text.trim());
  }
  return { text: text.trim(), usage, problem: checkReply(request, text) };
}
