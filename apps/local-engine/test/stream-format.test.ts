import { describe, expect, it } from '@jest/globals';
import { passagesOf } from '../src/translators/apertium/passages.ts';
import { fromStream, toStream } from '../src/translators/apertium/stream-format.ts';
import { seededRandom } from '../src/seeded-random.ts';

const pieces = [...Array.from('[]{}<>^$@\\/~*.#+ \n\t'), '.[]', '[]', '\\[', ' ~', '\r\n', '\u00a0', 'word', 'é', '🙂'];

function randomTexts(count: number, maxPieces: number): string[] {
  const random = seededRandom(11);
  const below = (limit: number): number => Math.floor(random() * limit);
  return Array.from({ length: count }, () =>
    Array.from({ length: below(maxPieces) }, () => pieces[below(pieces.length)]).join(''),
  );
}

describe("Apertium's stream format", () => {
  it('comes back as the text it was made of', () => {
    for (const text of randomTexts(3000, 12)) expect(fromStream(toStream(text))).toBe(text);
  });

  it('escapes reserved characters and brackets unusual blanks', () => {
    expect(toStream('a [b]\tc  d/e~f')).toBe('a \\[b\\][\t]c[  ]d\\/e[~]f.[]');
  });

  it('puts spaces for control characters, which would end a request', () => {
    expect(toStream('a\u0000b')).toBe('a b.[]');
  });
});

describe('the passages of a text', () => {
  it('are the whole text, each short enough and without blanks round it', () => {
    for (const text of [...randomTexts(200, 12), ...randomTexts(100, 900), 'x'.repeat(2000), '🙂'.repeat(1000)]) {
      const passages = passagesOf(text);
      expect(passages.map(({ before, text: piece, after }) => before + piece + after).join('')).toBe(text);
      for (const { text: piece } of passages) {
        expect(piece.length).toBeLessThanOrEqual(450);
        expect(piece).toBe(piece.trim());
        expect(piece.isWellFormed()).toBe(true);
      }
    }
  });

  it('are cut at blank lines, else behind a sentence, else behind a word', () => {
    const pieces = (text: string): string[] => passagesOf(text).map(({ text: piece }) => piece);
    expect(pieces('One.\n \nTwo.\nThree.')).toEqual(['One.', 'Two.\nThree.']);
    const sentence = `${'word '.repeat(60)}end.`;
    expect(pieces(`${sentence} ${sentence}`)).toEqual([sentence, sentence]);
    expect(pieces('word '.repeat(100)).map(({ length }) => length)).toEqual([449, 49]);
  });
});
