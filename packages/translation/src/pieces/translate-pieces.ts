import { baseLanguage, memoize } from '@parley/protocol';
import { EngineReplyError } from '../engine/engine-error.ts';
import { isLongText } from '../long-text.ts';
import { normalizeText } from '../normalize-text.ts';
import type { JobRequest, Translate, TranslationResult } from '../translate/translation-service.ts';
import { splitText, type TextPiece } from './split-text.ts';

/** Maximum concurrent calls for one partial; more than a few are only needed if no piece is cached yet. */
const callsAtOnce = 16;

/** Languages written without spaces between words. */
const unspaced = new Set(['bo', 'dz', 'ja', 'km', 'lo', 'my', 'th', 'yue', 'zh']);

/** The pieces of a text, `undefined` if it is translated as a whole. Remembered, since a partial asks for them for each target. */
const piecesOf = memoize(
  (text: string): readonly TextPiece[] | undefined => {
    const normalized = normalizeText(text);
    return isLongText(normalized) ? splitText(normalized) : undefined;
  },
  { maxResults: 100, maxChars: 200_000 },
);

/** Shown for a piece that cannot be translated, until the final. */
const untranslated = '…';

export interface PieceCalls {
  readonly translate: Translate;
  /** Must cache its results, since it is called again for unchanged pieces. */
  readonly translatePiece: Translate;
  /** Returns a slot for one more concurrent call, `undefined` if there is none; the partial has one already. */
  readonly trySlot: () => Disposable | undefined;
  /** Resolves when the partial's own slot may be used for a further call. Rejects if the partial was cancelled. */
  readonly nextTurn: (text: string) => Promise<void>;
}

/**
 * Translates a partial, splitting a long one into pieces so that the newest words of a long segment do not wait for the
 * earlier ones to be translated again. Finals are translated as a whole.
 */
export async function translatePieces(
  request: JobRequest,
  { translate, translatePiece, trySlot, nextTurn }: PieceCalls,
): Promise<TranslationResult> {
  const pieces = piecesOf(request.text);
  if (pieces === undefined) return await translate(request);
  const results = await translateEach(pieces, { trySlot, nextTurn }, async ({ text }, index) => {
    const isLast = index === pieces.length - 1;
    try {
      // Earlier pieces no longer change, and a thread that takes over the segment needs all of them.
      return await translatePiece({ ...request, text, previous: undefined }, { alwaysLooksUp: !isLast });
    } catch (error) {
      if (isLast || !(error instanceof EngineReplyError)) throw error;
      return { text: untranslated, engineMs: 0, attempts: 1, cached: false, joined: false };
    }
  });
  const gap = unspaced.has(baseLanguage(request.target)) ? '' : ' ';
  return {
    text: results.map((result, index) => (index === 0 || pieces[index]?.isGlued ? '' : gap) + result.text).join(''),
    engineMs: Math.max(...results.map(({ engineMs }) => engineMs)),
    attempts: results.reduce((sum, { attempts }) => sum + attempts, 0),
    cached: results.every(({ cached }) => cached),
    joined: results.every(({ cached, joined }) => cached || joined) && results.some(({ joined }) => joined),
  };
}

/** Whether a partial is translated as a whole. */
export function isWhole({ text }: Pick<JobRequest, 'text'>): boolean {
  return piecesOf(text) === undefined;
}

/**
 * Translates pieces concurrently. The partial's own slot is used for one after the other, in turn with the calls of others if
 * the engine was called; each other slot for one piece.
 *
 * @throws the first error, when all calls have ended; after it no further ones begin
 */
async function translateEach(
  pieces: readonly TextPiece[],
  { trySlot, nextTurn }: Pick<PieceCalls, 'trySlot' | 'nextTurn'>,
  translate: (piece: TextPiece, index: number) => Promise<TranslationResult>,
): Promise<TranslationResult[]> {
  const results = new Map<number, TranslationResult>();
  const waiting = [...pieces.entries()];
  const runs = new Set<Promise<void>>();
  const errors: unknown[] = [];
  const startMore = (): void => {
    while (waiting.length > 0 && runs.size < callsAtOnce) {
      const slot = trySlot();
      if (slot === undefined) return;
      start(
        translateNext().then(() => undefined),
        slot,
      );
    }
  };
  const start = (work: Promise<void>, slot?: Disposable): void => {
    const run = work
      .catch((error: unknown) => {
        errors.push(error);
        waiting.length = 0;
      })
      .finally(() => {
        runs.delete(run);
        slot?.[Symbol.dispose]();
        startMore();
      });
    runs.add(run);
  };
  const translateNext = async (): Promise<TranslationResult | undefined> => {
    const next = waiting.shift();
    if (next === undefined) return undefined;
    const [index, piece] = next;
    const result = await translate(piece, index);
    results.set(index, result);
    return result;
  };
  const translateInTurn = async (): Promise<void> => {
    for (let result = await translateNext(); result !== undefined; result = await translateNext()) {
      startMore();
      const [next] = waiting;
      if (!result.cached && next !== undefined) await nextTurn(next[1].text);
    }
  };
  start(translateInTurn());
  startMore();
  while (runs.size > 0) await Promise.all(runs);
  if (errors.length > 0) throw errors[0];
  return pieces.map((_piece, index) => results.get(index) as TranslationResult);
}
