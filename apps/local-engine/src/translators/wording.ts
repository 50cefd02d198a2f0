import type { RandomSource } from '../seeded-random.ts';
import { keptWordings, wordPattern, type Wording } from './kept-wordings.ts';

/** The share of words that are reworded where nothing is kept. */
const rewordedShare = 0.6;
/** The share of reworded words that are followed by an added word. */
const fillerShare = 0.3;
const wordings = 9;

/** A word that already looks reworded is always reworded, so that undoing doesn't change it. */
const looksReworded = /~\d$/;

/**
 * Writes a text in other words, and more of them: `Good morning~4 ~7 everyone~2.` A reworded word has a tilde and a digit
 * after it; an added word consists only of these. At least one word is reworded. `originalWording` reverses it for any text.
 *
 * It simulates a chat model that rephrases, and is not derived from one. Without `shown`, each call chooses the wording of
 * every word anew. With it, the words that both texts have in common mostly keep their wording.
 *
 * @param random called several times per word
 * @param shown an earlier result, for the same text or another version of it
 */
export function reword(text: string, random: RandomSource, shown = ''): string {
  const pieces = text.split(/(\s+)/).map((piece) => ({ piece, parts: wordPattern.exec(piece) }));
  const words = pieces.flatMap(({ parts }) => parts?.[1] ?? []);
  const kept = keptWordings(words, shown, random);
  const mark = (): string => `~${1 + Math.floor(random() * wordings)}`;

  function newWording(): Wording {
    if (random() >= rewordedShare) return { mark: '', filler: '' };
    return { mark: mark(), filler: random() < fillerShare ? ` ${mark()}` : '' };
  }

  let place = 0;
  let touched = false;
  return pieces
    .map(({ piece, parts }) => {
      const [, word, punctuation = ''] = parts ?? [];
      if (word === undefined) return piece;
      const wording = kept[place] ?? newWording();
      place += 1;
      const mustBe = looksReworded.test(word) || (place === words.length && !touched);
      const wordMark = wording.mark === '' && mustBe ? mark() : wording.mark;
      touched ||= wordMark !== '';
      return `${word}${wordMark}${punctuation}${wording.filler}`;
    })
    .join('');
}

/** Reverses `reword`. */
export function originalWording(text: string): string {
  return text.replace(/(?<=\S) ~\d(?=\s|$)/g, '').replace(/~\d(?=\p{P}*(?:\s|$))/gu, '');
}
