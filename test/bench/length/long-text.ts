import { seededRandom } from '../../harness/seeded-random.ts';

const random = seededRandom(1);

function word(): string {
  const letters = 2 + Math.floor(random() * 9);
  return Array.from({ length: letters }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join('');
}

/** The maximum number of terms of a session. */
export const glossary = Array.from({ length: 500 }, (_, index) => ({
  source: index % 2 === 0 ? word() : `${word()} ${word()}`,
  target: word(),
}));

/** Returns sentences of 12 words, with exactly this number of characters. One in twenty words is a term. */
export function longText(characters: number): string {
  const words: string[] = [];
  for (let length = 0; length < characters;) {
    const term = glossary[Math.floor(random() * glossary.length)]?.source ?? '';
    const next = (random() < 0.05 ? term : word()) + (words.length % 12 === 11 ? '.' : '');
    words.push(next);
    length += next.length + 1;
  }
  return `${words.join(' ').slice(0, characters - 1)}.`;
}

/** Returns other words of the same length, as a placeholder for a translation. */
export function replyTo(text: string): string {
  return `[es] ${text}`;
}
