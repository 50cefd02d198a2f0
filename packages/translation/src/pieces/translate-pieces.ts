import { baseLanguage } from '@parley/protocol';
import { EngineReplyError } from '../engine/engine-error.ts';
import { letterWeight } from '../letter-weight.ts';
import { normalizeText } from '../normalize-text.ts';
import { occurringTerms, termsOf } from '../occurring-terms.ts';
import type { JobRequest, Translate, TranslationResult } from '../translate/translation-service.ts';
import { splitText } from './split-text.ts';

/** A partial up to this weight is translated as a whole: an engine of 200 letters a second takes two seconds for it. */
const longestWhole = 400;
/** Calls at once for one partial; more than a few are needed only where nothing of it is known yet. */
const callsAtOnce = 16;

/** Written without spaces between words. */
const unspaced = new Set(['bo', 'dz', 'ja', 'km', 'lo', 'my', 'th', 'yue', 'zh']);

/** Stands for a piece that the engine can't translate: the final will tell. */
const untranslated = '…';

/**
 * Translates a partial, a long one in pieces, so that the newest words of a segment that stays open don't wait for all
 * that was said before them. Finals are translated as a whole.
 *
 * @param translatePiece is asked again for the pieces that have not changed, and has to remember them
 */
export async function translatePieces(
  request: JobRequest,
  translate: Translate,
  translatePiece: Translate,
): Promise<TranslationResult> {
  if (isWhole(request)) return await translate(request);
  const pieces = splitText(normalizeText(request.text));
  const results = await mapAtMost(callsAtOnce, pieces, async ({ text }, index) => {
    // A term further on must not make another request of a piece that it doesn't occur in.
    const terms = occurringTerms({ text, source: request.source, glossary: termsOf(request) });
    const isLast = index === pieces.length - 1;
    try {
      // The others stay as they are: a thread that takes the segment over needs all of them.
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
  return letterWeight(normalizeText(text)) <= longestWhole;
}

/** Maps values in their order, so many at a time. @throws the first error, without waiting for the others */
async function mapAtMost<Value, Result>(
  atOnce: number,
  values: readonly Value[],
  map: (value: Value, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Map<number, Result>();
  const waiting = values.entries();
  let hasFailed = false;
  const work = async (): Promise<void> => {
    for (const [index, value] of waiting) {
      if (hasFailed) return;
      results.set(index, await map(value, index));
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
  } catch (error) {
    hasFailed = true;
    throw error;
  }
  return values.map((_value, index) => results.get(index) as Result);
}
