import { describe, expect, it } from '@jest/globals';
import { commonLength, nothingSettled, settleSentences, stillSettled, type SettledSentences } from '../../src/index.ts';
import { seededRandom, testSeed } from '../../../../test/harness/seeded-random.ts';

/** A translation with as many sentences as the text. */
const translate = (text: string): string => text.replaceAll('o', 'ó').replaceAll('i', 'í');

/** Returns what is settled after two revisions, all of whose translations readers see. */
function settledAfter(
  before: string,
  text: string,
  translation = translate(text),
  shown = translation,
): SettledSentences {
  const revision = { text, agreedLength: commonLength(before, text), translation, shown };
  return settleSentences(nothingSettled, revision);
}

describe('settled sentences', () => {
  it.each<[string, string, string, string]>([
    [
      'are followed by another one',
      'Good morning to you all. We',
      'Good morning to you all. We are',
      'Good morning to you all. ',
    ],
    ['may be several', 'How are you today? Fine! And I', 'How are you today? Fine! And I', 'How are you today? Fine! '],
    [
      'may be long enough only together',
      'Well. So we go on with it. And',
      'Well. So we go on with it. And',
      'Well. So we go on with it. ',
    ],
    ['end after quotation marks', '“Good morning to you.” I', '“Good morning to you.” I', '“Good morning to you.” '],
    [
      'need no spaces in Chinese',
      '大家早上好，今天我们要谈谈新学校和老城的路。我',
      '大家早上好，今天我们要谈谈新学校和老城的路。我们',
      '大家早上好，今天我们要谈谈新学校和老城的路。',
    ],
  ])('%s', (_what, before, text, settled) => {
    expect(settledAfter(before, text)).toEqual({ text: settled, translation: translate(settled) });
  });

  it.each<[string, string, string]>([
    ['if they have just changed', 'Good morning to you both. We', 'Good morning to you all. We'],
    ['if what follows has just come', 'Good morning to you all.', 'Good morning to you all. We'],
    ['if nothing follows', 'Good morning to you all. ', 'Good morning to you all. '],
    ['if they are very short', 'Well. And so', 'Well. And so on'],
    ['before a lower-case letter', '“Good morning to you?” he said', '“Good morning to you?” he said'],
    [
      'before a particle',
      '「はい、そうです、そうですね、わかりました。」と言った',
      '「はい、そうです、そうですね、わかりました。」と言った',
    ],
    ['after an abbreviation', 'We have seen the old Mrs. Smith', 'We have seen the old Mrs. Smith'],
    ['after an initial', 'We have seen the old J. Smith', 'We have seen the old J. Smith'],
    ['after an ordinal number', 'Wir sehen uns am 3. Oktober', 'Wir sehen uns am 3. Oktober'],
    [
      'after a full stop within a word',
      'We speak many languages, e.g. Spanish',
      'We speak many languages, e.g. Spanish',
    ],
  ])('are none %s', (_what, before, text) => {
    expect(settledAfter(before, text)).toEqual(nothingSettled);
  });

  it('are none if the translation has another number of sentences, or readers see something else', () => {
    const text = 'Good morning to you all. We';
    expect(settledAfter(text, text, 'Buenos días a todos, nosotros')).toEqual(nothingSettled);
    expect(settledAfter(text, text, 'Buenos. Días. Nosotros')).toEqual(nothingSettled);
    expect(settledAfter(text, text, 'Buenos días. Nosotros', 'Buenas tardes')).toEqual(nothingSettled);
    expect(settledAfter(text, text, 'Buenos días. Nosotros', 'Buenos días.')).toEqual({
      text: 'Good morning to you all. ',
      translation: 'Buenos días. ',
    });
  });

  it.each([
    ['the sentence changes', 'Good evening to you all. We'],
    ['it turns out to be none', 'Good morning to you all.org'],
    ['it goes on in lower case', 'Good morning to you all. we'],
    ['what followed is taken back', 'Good morning to you all. '],
  ])('are settled no longer when %s', (_what, text) => {
    const settled = settledAfter('Good morning to you all. We', 'Good morning to you all. We');
    expect(stillSettled(settled, 'Good morning to you all. Where')).toBe(settled);
    expect(stillSettled(settled, text)).toBe(nothingSettled);
  });

  it('are always beginnings of the newest text and translation, and only grow while the text does', () => {
    const random = seededRandom(testSeed('settled sentences'));
    const parts = ['Well, this is it. ', 'Tea? ', 'so ', 'Dr. ', 'is ', '好。', 'It ', '... ', '” ', '3. '];
    let settled = nothingSettled;
    let text = '';
    let grown = 0;
    for (let step = 0; step < 3000; step++) {
      const isCut = random() < 0.1;
      const kept = isCut ? text.slice(0, Math.floor(random() * text.length)) : text;
      const next = kept.length > 200 ? '' : kept + (parts[Math.floor(random() * parts.length)] ?? '');
      const still = stillSettled(settled, next);
      const translation = still.translation + translate(next.slice(still.text.length));
      const revision = { text: next, agreedLength: commonLength(text, next), translation, shown: translation };
      const newest = settleSentences(still, revision);
      expect(next.startsWith(newest.text) && translation.startsWith(newest.translation)).toBe(true);
      expect(newest.text.startsWith(still.text)).toBe(true);
      expect(newest.translation).toBe(translate(newest.text));
      if (newest.text.length > still.text.length) grown += 1;
      settled = newest;
      text = next;
    }
    expect(grown).toBeGreaterThan(50);
  });
});
