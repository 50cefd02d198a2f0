import type { RandomSource } from '../src/seeded-random.ts';

const alphabet = [...Array.from('ab Z9.,*#é漢😀\n\t ^$<>{}[]@\\/|&;:"\''), '[es] ', ', simulated', '.[]', '\n\n'];

/** Returns a text with reserved characters, marks, blank lines, and white space at its ends. */
export function randomText(random: RandomSource): string {
  const length = Math.floor(random() * 30);
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
}
