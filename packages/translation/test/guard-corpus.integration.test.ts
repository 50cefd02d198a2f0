import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { checkReply, type GuardedRequest } from '../src/guard/check-reply.ts';
import { GrowingReply } from '../src/guard/growing-reply.ts';

interface Translated extends Omit<GuardedRequest, 'kind'> {
  readonly reply: string;
}

const corpus = (name: string): string => readFileSync(new URL(`corpus/${name}`, import.meta.url), 'utf8');

/** Sentences combined from phrases, translated by Apertium. */
const combined: readonly Translated[] = corpus('ordinary.tsv')
  .trimEnd()
  .split('\n')
  .map((line) => {
    const [source = '', target = '', text = '', reply = ''] = line.split('\t');
    return { source, target, text, reply };
  });

/** The same twenty sentences in every language, each with each. */
const phrasebook = Object.entries(JSON.parse(corpus('phrasebook.json')) as Record<string, string[]>);
const paired: readonly Translated[] = phrasebook.flatMap(([source, texts]) =>
  phrasebook
    .filter(([target]) => target !== source)
    .flatMap(([target, replies]) =>
      texts.map((text, index) => ({ source, target, text, reply: replies[index] ?? '' })),
    ),
);

/** All of them take more than a minute of CPU, so only `npm run test:all` goes through all. */
const isAll = process.env['TEST_ALL'] === '1';
const step = isAll ? 1 : 5;
const translated = [...combined, ...paired].filter((_sentence, index) => index % step === 0);
const kinds = ['partial', 'final'] as const;
const isFlawed = (
  given: Omit<GuardedRequest, 'kind'>,
  reply: string,
  kind: GuardedRequest['kind'] = 'final',
): boolean => checkReply({ ...given, kind }, reply) !== undefined;

describe('of ordinary sentences and their translations, the guard', () => {
  it('knows enough of them', () => {
    expect(combined.length).toBeGreaterThan(1000);
    expect(paired.length).toBeGreaterThan(5000);
  });

  it('takes none for anything else', () => {
    const flawed = translated.filter(({ reply, ...given }) => kinds.some((kind) => isFlawed(given, reply, kind)));
    expect(flawed).toEqual([]);
  });

  it('takes no mark off any, and previews nearly all', () => {
    let previewed = 0;
    for (const { reply, ...given } of translated) {
      const growing = new GrowingReply({ ...given, kind: 'final' });
      for (const piece of reply.split(/(?<=\s)/u)) growing.add(piece);
      if (growing.showable === reply) previewed++;
      expect(growing.end()).toBe(reply);
    }
    expect(previewed / translated.length).toBeGreaterThan(0.99);
  });

  const long = translated.filter(({ text }) => text.length > 45);

  it('lets no echo of them pass unmarked', () => {
    expect(long.filter(({ text, ...given }) => !isFlawed({ text, ...given }, text))).toEqual([]);
  });

  it('finds nearly all replies in the language of the text', () => {
    const replies = long.flatMap((given, index) => {
      const other = long.slice(index + 1).find(({ source, text }) => source === given.source && text !== given.text);
      return other === undefined || other.text.length > 3 * given.text.length ? [] : [{ given, reply: other.text }];
    });
    const found = replies.filter(({ given, reply }) => isFlawed(given, reply));
    expect(found.length / replies.length).toBeGreaterThan(0.95);
  });
});
