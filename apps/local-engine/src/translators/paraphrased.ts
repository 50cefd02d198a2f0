import type { RandomSource } from '../seeded-random.ts';
import { markedTranslator, markTranslation } from './marked.ts';
import { reword } from './wording.ts';
import type { Translator } from './translator.ts';

/** Marks texts and rewords them differently in each call: `[es, reworded] Good morning everyone~3.` */
export function paraphrasedTranslator(random: RandomSource): Translator {
  return {
    ...markedTranslator({ isRequested: true }),
    model: 'paraphrased',
    translate: ({ text, target }) => Promise.resolve(markTranslation(reword(text, random), target, 'reworded')),
  };
}
