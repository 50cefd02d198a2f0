import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../src/seeded-random.ts';
import { passagesOf } from '../src/translators/apertium/passages.ts';
import { fromStream, toStream } from '../src/translators/apertium/stream-format.ts';
import { randomText } from './random-text.ts';

const destxt = 'printf %s "$1" | apertium-destxt';

describe("Apertium's stream format", () => {
  it.each(['Hello', 'Hello.', 'a/b {x} [y] ^z$ <b> @ \\ *', 'two  spaces', 'a\ttab', 'two\nlines', '漢字 😀'])(
    'is what apertium-destxt makes of %j',
    (text) => {
      expect(toStream(text)).toBe(execFileSync('sh', ['-c', destxt, 'sh', text]).toString());
    },
  );

  it('round-trips every text', () => {
    const random = seededRandom(11);
    for (let round = 0; round < 2000; round += 1) {
      const text = randomText(random).trim();
      expect(fromStream(toStream(text))).toBe(text);
    }
  });

  it('escapes every reserved character, and removes NUL, which would end the request', () => {
    const stream = toStream('a\0b^c$[d]{e}<f>@g/h\\i');
    expect(stream).not.toContain('\0');
    expect(stream.replace(/\\./gs, '').replace('.[]', '')).toBe('a bcdefghi');
  });
});

describe('passages', () => {
  const join = (text: string): string =>
    passagesOf(text)
      .map(({ before, text: core, after }) => before + core + after)
      .join('');

  it('join to the text, without white space at their ends', () => {
    const random = seededRandom(5);
    for (let round = 0; round < 500; round += 1) {
      const text = Array.from({ length: 20 }, () => randomText(random)).join(round % 2 === 0 ? ' ' : '');
      expect(join(text)).toBe(text);
      for (const { text: core } of passagesOf(text)) expect(core).toBe(core.trim());
    }
  });

  it('stay below the limit of apertium-apy, even if every character is escaped', () => {
    const text = `${'[]'.repeat(2000)} ${'\n\t'.repeat(900)} ${'a\n'.repeat(2000)}`;
    for (const { text: core } of passagesOf(text)) expect(Array.from(toStream(core)).length).toBeLessThan(1000);
    expect(join(text)).toBe(text);
  });

  it('end at blank lines and after sentences', () => {
    const sentence = `${'word '.repeat(50).trim()}.`;
    expect(passagesOf(`One.\n\nTwo.`).map(({ text }) => text)).toEqual(['One.', 'Two.']);
    expect(passagesOf(`${sentence} ${sentence} ${sentence}`).map(({ text }) => text)).toEqual([
      sentence,
      sentence,
      sentence,
    ]);
  });

  it('never split a character', () => {
    for (const { text } of passagesOf('😀'.repeat(500))) expect(text.isWellFormed()).toBe(true);
  });
});
