import type { RandomSource } from '../seeded-random.ts';
import { markedTranslator, markTranslation } from './marked.ts';
import { reword } from './wording.ts';
import type { Translator } from './translator.ts';

/** The marks of earlier translations; each piece of a long partial has its own. */
const marks = /\[[A-Za-z0-9-]{1,35}, reworded\] /g;

/**
 * Simulates a chat model that rephrases: marks texts and rewords them differently in each call, as in `[es, reworded] Good
 * morning~4 everyone~3.` The wording of the earlier translation in a request is mostly kept.
 */
export function paraphrasedTranslator(random: RandomSource): Translator {
  return {
    ...markedTranslator({ isRequested: true }),
    model: 'paraphrased',
    usesPrevious: true,
    translate: ({ text, target, previous = '' }) => {
      const reworded = reword(text, random, previous.replaceAll(marks, ''));
      return Promise.resolve(markTranslation(reworded, target, 'reworded'));
    },
  };
}
