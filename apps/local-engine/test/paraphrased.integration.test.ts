import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { sourceOfMarked } from '@parley/checker';
import { unmarkTranslation } from '../src/index.ts';
import { seededRandom } from '../src/seeded-random.ts';
import { paraphrasedTranslator } from '../src/translators/paraphrased.ts';
import { originalWording, reword } from '../src/translators/wording.ts';
import { ourEngine } from './both-clients.ts';
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

interface Revision {
  readonly segment: number;
  readonly final: boolean;
  readonly text: string;
}

const traces = new URL('../../../test/fixtures/asr-traces/', import.meta.url);

/**
 * Normalized erasure of the partials of all recorded talks (Arivazhagan et al. 2020, arXiv 1912.03393): words that are shown
 * and then replaced, per word of the finals. Each revision is translated, with what is shown or without it.
 *
 * @param recognizer `''`: PocketSphinx
 */
function erasure(recognizer: '' | 'redecode' | 'stream', keepsWording: boolean): number {
  const random = seededRandom(5);
  let [erased, words] = [0, 0];
  for (const talk of ['clinic', 'lecture', 'meeting', 'service', 'support']) {
    const file = new URL(`${talk}${recognizer === '' ? '' : `.${recognizer}`}.jsonl`, traces);
    const shown = new Map<number, string>();
    for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
      const { segment, final, text } = JSON.parse(line) as Revision;
      const before = shown.get(segment);
      const translation = reword(text, random, keepsWording && !final ? before : undefined);
      const [old, now] = [wordsOf(before ?? ''), wordsOf(translation)];
      if (final) words += now.length;
      else if (before !== undefined) erased += old.length - commonWords(old, now);
      shown.set(segment, translation);
    }
  }
  return erased / words;
}

/** With the two words of the mark, which readers see as well. */
const wordsOf = (text: string): string[] => `[es, reworded] ${text}`.trim().split(/\s+/);

function commonWords(one: readonly string[], other: readonly string[]): number {
  const differing = one.findIndex((word, place) => word !== other[place]);
  return differing === -1 ? one.length : differing;
}

describe('a rewording', () => {
  it('can be reversed for any text, also by the checker', () => {
    const random = seededRandom(9);
    for (let round = 0; round < 1500; round += 1) {
      const length = Math.floor(random() * 10);
      const text = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join('');
      const shown = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join('');
      const earlier = [undefined, shown, reword(shown, random), reword(text, random)][round % 4];
      const other = reword(text, random, earlier);
      expect(originalWording(other)).toBe(text);
      // The checker treats a mark within the text as the start of another piece.
      if (!text.includes('reworded')) expect(sourceOfMarked(`[es, reworded] ${other}`, 'es')).toBe(text);
      expect(unmarkTranslation(`[es, reworded] ${other}`)).toEqual({ target: 'es', text });
    }
  });

  const rounds = 1000;
  /** How often each word of the second text is written otherwise than in the first, by its place. */
  function changesBetween(texts: () => readonly [string, string]): number[] {
    const changes = sentence.split(' ').map(() => 0);
    for (let round = 0; round < rounds; round += 1) {
      const [one, other] = texts().map((text) => text.split(' ').filter((word) => !/^~\d$/.test(word)));
      for (const place of changes.keys())
        if (one?.[place] !== other?.[place]) changes[place] = (changes[place] ?? 0) + 1;
    }
    return changes;
  }

  it('changes more than half of the words, at any place and at least one', () => {
    const random = seededRandom(4);
    for (let round = 0; round < 200; round += 1) expect(reword('Yes.', random)).not.toBe('Yes.');
    for (const count of changesBetween(() => [sentence, reword(sentence, random)])) {
      expect(count / rounds).toBeGreaterThan(0.5);
      expect(count / rounds).toBeLessThan(0.7);
    }
  });

  it('keeps an earlier wording of the text, except for some words at its end', () => {
    const random = seededRandom(4);
    const changes = changesBetween(() => {
      const shown = reword(sentence, random);
      return [shown, reword(sentence, random, shown)];
    });
    expect(Math.max(...changes.slice(0, 6)) / rounds).toBeLessThan(0.02);
    expect(changes[6]).toBeLessThan(changes[13] ?? 0);
    expect((changes[13] ?? 0) / rounds).toBeGreaterThan(0.1);
  });

  it('keeps an earlier wording where the text has changed elsewhere', () => {
    const random = seededRandom(4);
    const changes = changesBetween(() => {
      const shown = reword(sentence.replace('pleasure', 'treasure of'), random);
      const [before = '', after = ''] = shown.replace(/ ~\d/g, '').split(/ treasure\S* of\S*/);
      return [`${before} pleasure${after}`, reword(sentence, random, shown)];
    }).map((count) => count / rounds);
    expect(Math.max(...changes.slice(0, 6))).toBeLessThan(0.02);
    // The word after the change.
    expect(changes[7]).toBeGreaterThan(0.3);
    expect(changes[8]).toBeLessThan(0.05);
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

  it('is as unstable as a chat model without an earlier turn, and much more stable with one', () => {
    const [naive, kept] = [erasure('stream', false), erasure('stream', true)];
    expect(naive).toBeGreaterThan(2.5);
    expect(kept).toBeLessThan(0.4);
    // These recognizers rewrite more themselves.
    expect(erasure('redecode', false)).toBeGreaterThan(2.5);
    expect(erasure('redecode', true)).toBeLessThan(1);
    // The source alone has an erasure of 1.4.
    expect(erasure('', false)).toBeGreaterThan(2.5);
    expect(erasure('', true)).toBeLessThan(2);
  });

  it('gets what readers see from the OpenAI adapter, and keeps its wording', async () => {
    await using engine = await startEngineFixture({ ENGINE_TRANSLATIONS: 'paraphrased' });
    const adapter = ourEngine(engine.url);
    const request = { source: 'en', target: 'es', kind: 'partial', signal } as const;
    await adapter.capabilities(signal);
    expect(adapter.usesPrevious(request)).toBe(true);
    const first = (await adapter.translate({ ...request, text: sentence })).text;
    const beginning = first.split(' ').slice(0, 6).join(' ');
    for (let round = 0; round < 20; round += 1) {
      const previous = { text: sentence, translation: first };
      const { text } = await adapter.translate({ ...request, text: `${sentence} And now`, previous });
      expect(text.startsWith(beginning)).toBe(true);
      expect(unmarkTranslation(text)).toEqual({ target: 'es', text: `${sentence} And now` });
    }
    await adapter.close();
  });

  it('is selected by ENGINE_TRANSLATIONS, and is labeled as simulated', async () => {
    await using engine = await startEngineFixture({ ENGINE_TRANSLATIONS: 'paraphrased' });
    const translation = await translate(engine, sentence, 'en', 'es');
    expect(translation).toMatch(/^\[es, reworded\] Good.*~\d/);
    const { data } = await engine.client.models.list();
    expect(data).toMatchObject([{ id: 'paraphrased', simulated: true, uses_earlier_messages: true }]);
  });
});
