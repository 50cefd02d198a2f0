import { describe, expect, it } from '@jest/globals';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';
import { letterWeight } from '../src/letter-weight.ts';
import { normalizeText } from '../src/index.ts';
import { splitText } from '../src/pieces/split-text.ts';

const textsOf = (text: string): string[] => splitText(text).map((piece) => piece.text);
const sentence = (words: number): string => `${Array.from({ length: words }, (_, index) => `word${index}`).join(' ')}.`;

describe('a long text', () => {
  it('is split at sentence ends', () => {
    const sentences = [sentence(12), `“${sentence(9)}”`, sentence(14), sentence(8)];
    for (const piece of textsOf(sentences.join(' '))) expect(piece).toMatch(/[.”]$/u);
  });

  it.each([
    ['clauses', `${sentence(20).slice(0, -1)}, ${sentence(40)}`, /,$/u],
    ['words', sentence(60), /word\d+$/u],
    ['Chinese sentences', '我们今天在这里开会讨论明年的计划和预算问题。'.repeat(8), /。$/u],
  ])('is split between %s', (_what, text, end) => {
    expect(textsOf(text)[0]).toMatch(end);
  });

  it('is split between the words of a language without spaces', () => {
    const text = 'ผมไปตลาดน้ำกับเพื่อนเมื่อวานนี้'.repeat(20);
    const [first = ''] = textsOf(text);
    const words = Array.from(new Intl.Segmenter('th', { granularity: 'word' }).segment(text), ({ index }) => index);
    expect(words).toContain(first.length);
  });

  it('is glued together again where one word was split', () => {
    const pieces = splitText(`so https://example.com/${'x'.repeat(500)} it is`);
    expect(pieces.filter(({ isGlued }) => isGlued).length).toBeGreaterThan(1);
    expect(
      pieces
        .map(({ text, isGlued }) => (isGlued ? text : ` ${text}`))
        .join('')
        .trim(),
    ).toContain('x'.repeat(500));
  });

  it('is never split within a character, has no long piece, loses nothing, and keeps its pieces while it grows', () => {
    const random = seededRandom(testSeed('split text'));
    const alphabet = [
      'a',
      'é',
      'e\u0301',
      'ß',
      ' ',
      ' ',
      '. ',
      ', ',
      '。',
      '東',
      'の',
      '서',
      'ก',
      'ำ',
      '🇪🇸',
      '👨‍👩‍👧',
      '\u0316',
      '1',
      '-',
    ];
    const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
    for (let run = 0; run < 200; run++) {
      const length = Math.floor(random() * 1500);
      const some = alphabet.filter(() => random() < 0.5);
      const text = normalizeText(
        Array.from({ length }, () => some[Math.floor(random() * some.length)] ?? 'a').join(''),
      );
      const pieces = textsOf(text);
      expect(pieces.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      const shortened = text.slice(0, Math.floor(random() * text.length));
      const kept = textsOf(normalizeText(shortened)).slice(0, -2);
      expect(pieces.slice(0, kept.length)).toEqual(kept);
      const starts = new Set(Array.from(graphemes.segment(text), ({ index }) => index));
      let at = 0;
      for (const piece of pieces) {
        at = text.indexOf(piece, at);
        // A space may carry a mark of its own.
        if (at > 0 && text[at - 1] !== ' ') expect(starts.has(at)).toBe(true);
        at += piece.length;
        expect(letterWeight(piece)).toBeLessThan(300);
      }
    }
  });
});
