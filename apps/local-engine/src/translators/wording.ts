import type { RandomSource } from '../seeded-random.ts';

/** The probability that the last word is reworded. It falls with the cube of the position towards the first word. */
const lastWordShare = 0.6;
/** The share of reworded words that are followed by an added word. */
const fillerShare = 0.3;
const wordings = 9;

/** A word and the punctuation after it. */
const wordPattern = /^(.*[^\p{P}\s])(\p{P}*)$/su;
/** A word that already looks reworded is always reworded, so that undoing doesn't change it. */
const looksReworded = /~\d$/;

/**
 * The text in other words and more of them, mainly towards its end, as large models onAbort it from one call to the next:
 * `Good morning to everyone~4 ~7 here~2.` After a reworded word stand a tilde and a digit; an added one is nothing
 * else. One word at least is reworded. `originalWording` undoes it, whatever the text.
 *
 * @param random called several times per word
 */
export function reword(text: string, random: RandomSource): string {
  const pieces = text.split(/(\s+)/);
  const words = pieces.filter((piece) => wordPattern.test(piece)).length;
  const suffix = (): string => `~${1 + Math.floor(random() * wordings)}`;
  let place = 0;
  let touched = false;
  return pieces
    .map((piece) => {
      const [, word, punctuation = ''] = wordPattern.exec(piece) ?? [];
      if (word === undefined) return piece;
      place += 1;
      const mustBe = looksReworded.test(word) || (place === words && !touched);
      if (random() >= lastWordShare * (place / words) ** 3 && !mustBe) return piece;
      touched = true;
      const filler = random() < fillerShare ? ` ${suffix()}` : '';
      return `${word}${suffix()}${punctuation}${filler}`;
    })
    .join('');
}

/** Reverses `reword`. */
export function originalWording(text: string): string {
  return text.replace(/(?<=\S) ~\d(?=\s|$)/g, '').replace(/~\d(?=\p{P}*(?:\s|$))/gu, '');
}
