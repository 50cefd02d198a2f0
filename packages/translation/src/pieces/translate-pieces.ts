import { baseLanguage } from '@parley/protocol';
import { EngineReplyError } from '../engine/engine-error.ts';
import { isLongText } from '../long-text.ts';
import { normalizeText } from '../normalize-text.ts';
import { occurringTerms, termsOf } from '../occurring-terms.ts';
import type { JobRequest, Translate, TranslationResult } from '../translate/translation-service.ts';
import { splitText } from './split-text.ts';

/** Maximum concurrent calls for one partial; more than a few are only needed if no piece is cached yet. */
const callsAtOnce = 16;

/** Languages written without spaces between words. */
const unspaced = new Set(['bo', 'dz', 'ja', 'km', 'lo', 'my', 'th', 'yue', 'zh']);

/** Shown for a piece that cannot be translated, until the final. */
const untranslated = '…';

/**
 * Translates a partial, splitting a long one into pieces so that the newest words of a long segment do not wait for the
 * earlier ones to be translated again. Finals are translated as a whole.
 *
 * @param translatePiece must cache its results, since it is called again for unchanged pieces
 * @param trySlot returns a slot for one more concurrent call, `undefined` if there is none; the partial has one already
 */
export async function translatePieces(
  request: JobRequest,
  translate: Translate,
  translatePiece: Translate,
  trySlot: () => Disposable | undefined,
): Promise<TranslationResult> {
  if (isWhole(request)) return await translate(request);
  const pieces = splitText(normalizeText(request.text));
  const results = await mapConcurrently(pieces, trySlot, async ({ text }, index) => {
    // Terms of other pieces must not change this piece's cache key.
    const terms = occurringTerms({ text, source: request.source, glossary: termsOf(request) });
    const isLast = index === pieces.length - 1;
    try {
      // Earlier pieces no longer change, and a thread that takes over the segment needs all of them.
      return await translatePiece({ ...request, text, terms, previous: undefined }, { alwaysLooksUp: !isLast });
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
  return !isLongText(normalizeText(text));
}

/**
 * Maps values concurrently: the first call needs no further slot, and each other one that runs at the same time has its own.
 *
 * @throws the first error, when all calls have ended; after it no further ones begin
 */
async function mapConcurrently<Value, Result>(
  values: readonly Value[],
  trySlot: () => Disposable | undefined,
  map: (value: Value, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Map<number, Result>();
  const waiting = [...values.entries()];
  const runs = new Set<Promise<void>>();
  const errors: unknown[] = [];
  const startMore = (): void => {
    while (waiting.length > 0 && runs.size < callsAtOnce) {
      const slot = trySlot();
      if (slot === undefined) return;
      start(slot);
    }
  };
  const start = (slot?: Disposable): void => {
    const run = work().finally(() => {
      runs.delete(run);
      slot?.[Symbol.dispose]();
    });
    runs.add(run);
  };
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        const [index, value] = next;
        results.set(index, await map(value, index));
        startMore();
      } catch (error) {
        errors.push(error);
        waiting.length = 0;
      }
    }
  };
  start();
  startMore();
  while (runs.size > 0) await Promise.all(runs);
  if (errors.length > 0) throw errors[0];
  return values.map((_value, index) => results.get(index) as Result);
}
