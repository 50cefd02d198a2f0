import { describe, expect, it } from '@jest/globals';
import { sourceOfMarked } from '@parley/checker';
import { unmarkTranslation } from '../src/index.ts';
import { seededRandom } from '../src/seeded-random.ts';
import { paraphrasedTranslator } from '../src/translators/paraphrased.ts';
import { originalWording, reword } from '../src/translators/wording.ts';
import { startEngineFixture, translate } from './engine-fixture.ts';

const sentence = 'Good morning everyone, it is a pleasure to be here with all of you.';
const pieces = [
  '~',
  '~4',
  '4',
  ' ',
  ' ',
  '\n',
  '  ',
  '.',
  ',',
  '"',
  '—',
  'word',
  'é',
  '🙂',
  '你好',
  '~7.',
  ' ~1',
  '[es, reworded]',
];

describe('a rewording', () => {
  it('can be reversed for any text, also by the checker', () => {
    const random = seededRandom(9);
    for (let round = 0; round < 1500; round += 1) {
      const length = Math.floor(random() * 10);
      const text = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join('');
      const other = reword(text, random);
      expect(originalWording(other)).toBe(text);
      // The checker treats a mark within the text as the start of another piece.
      if (!text.includes('reworded')) expect(sourceOfMarked(`[es, reworded] ${other}`, 'es')).toBe(text);
      expect(unmarkTranslation(`[es, reworded] ${other}`)).toEqual({ target: 'es', text });
    }
  });

  it('changes at least one word, mainly towards the end', () => {
    const random = seededRandom(4);
    const words = sentence.split(' ');
    const changes = words.map(() => 0);
    for (let round = 0; round < 1000; round += 1) {
      const other = reword(sentence, random);
      expect(other).not.toBe(sentence);
      const kept = other.split(' ').filter((word) => !/^~\d$/.test(word));
      for (const [place, word] of kept.entries()) if (word !== words[place]) changes[place] = (changes[place] ?? 0) + 1;
    }
    expect(changes[0]).toBeLessThan(10);
    expect(changes[6]).toBeLessThan(changes[13] ?? 0);
    expect(changes[13]).toBeGreaterThan(500);
  });

  it('keeps a text without words', () => {
    expect(['', ' ', '...', ' — '].map((text) => reword(text, seededRandom(1)))).toEqual(['', ' ', '...', ' — ']);
  });
});

describe('the paraphrasing translator', () => {
  const { signal } = new AbortController();
  const ask = (translator: ReturnType<typeof paraphrasedTranslator>) =>
    translator.translate({ text: sentence, source: 'en', target: 'es', signal });

  it('rewords the same text differently at each call, reproducibly with the same seed', async () => {
    const [one, same] = [paraphrasedTranslator(seededRandom(3)), paraphrasedTranslator(seededRandom(3))];
    const first = Array.from({ length: 20 }, () => ask(one));
    const wordings = await Promise.all(first);
    expect(new Set(wordings).size).toBeGreaterThan(15);
    await expect(Promise.all(first.map(() => ask(same)))).resolves.toEqual(wordings);
    for (const wording of wordings) expect(unmarkTranslation(wording)).toEqual({ target: 'es', text: sentence });
  });

  it('is selected by ENGINE_TRANSLATIONS, and is labeled as simulated', async () => {
    await using engine = await startEngineFixture({ ENGINE_TRANSLATIONS: 'paraphrased' });
    const translation = await translate(engine, sentence, 'en', 'es');
    expect(translation).toMatch(/^\[es, reworded\] Good .*~\d/);
    const { data } = await engine.client.models.list();
    expect(data).toMatchObject([{ id: 'paraphrased', simulated: true }]);
  });
});
