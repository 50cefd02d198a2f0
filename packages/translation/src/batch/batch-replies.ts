import type { BatchPiece, EngineUsage, TranslationPiece, TranslationRequest } from '../engine/engine.ts';
import { shareUsage } from './share-usage.ts';

/**
 * Reads the answer to a batch to its end: the reply to each text, with its share of the tokens where they were told.
 *
 * @throws EngineError whatever the engine throws
 */
export async function batchReplies(
  requests: readonly TranslationRequest[],
  pieces: AsyncIterable<BatchPiece>,
): Promise<TranslationPiece[][]> {
  let texts: readonly string[] = [];
  let usage: EngineUsage | undefined;
  for await (const piece of pieces) {
    if (piece.type === 'texts') texts = piece.texts;
    else if (piece.type === 'usage') usage = piece.usage;
  }
  const shares = usage === undefined ? [] : shareUsage(requests, usage);
  return requests.map((_request, index) => {
    const share = shares[index];
    return [
      { type: 'text', text: texts[index] ?? '' },
      ...(share === undefined ? [] : [{ type: 'usage' as const, usage: share }]),
    ];
  });
}
