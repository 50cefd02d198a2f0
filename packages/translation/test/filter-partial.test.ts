import { describe, expect, it } from '@jest/globals';
import {
  filterPartial,
  type PartialToFilter,
  type PartialFilterSettings,
} from '../src/partial-filter/filter-partial.ts';

const settings: PartialFilterSettings = { minGrowthChars: 4, holdMs: 250 };
/** A partial that came 100 ms after the one before it, while nothing was held. */
const usual = { debouncedSinceMs: undefined, previousAtMs: 900, nowMs: 1000 };

function actionOf(sentText: string | undefined, text: string, more: Partial<PartialToFilter> = {}): string {
  return filterPartial({ ...usual, sentText, text, ...more }, settings).action;
}

describe('filterPartial', () => {
  it.each([
    ['the first word', undefined, 'the'],
    ['a first text without words', undefined, ''],
    ['a long word more', 'how are you', 'how are you feeling'],
    ['several short words more', 'how are', 'how are you at it'],
    ['another last word and more after it', 'how are you if', 'how are you feeling today'],
    ['an earlier word that changed', 'the mining please take', 'the morning please take'],
    ['an earlier word that changed, with little more', 'the mining please', 'the morning please a'],
    ['fewer words', 'how are you if the', 'how are you feel'],
    ['no words any more', 'how are you', ''],
    ['the end of a sentence', 'How are you', 'How are you?'],
    ['the end of a quoted sentence', 'She said "go', 'She said "go."'],
    ['the end of a sentence in Chinese', '我想去北京大学', '我想去北京大学。'],
    ['a word more in Chinese', '我想去', '我想去北京'],
    ['a word more in Japanese', '今日は', '今日は天気'],
    ['a word more in Thai', 'ฉันไป', 'ฉันไปโรงเรียน'],
    ['an earlier word that changed in Japanese', '今日は天気がいい', '昨日は天気がいい'],
  ])('sends %s', (_what, sentText, text) => {
    expect(actionOf(sentText, text)).toBe('send');
  });

  it.each([
    ['a short word more', 'how are you', 'how are you to'],
    ['another last word', 'the mining', 'the morning'],
    ['a longer last word', 'how are you feel', 'how are you feeling'],
    ['another single word', 'then', 'why'],
    ['other punctuation', 'Hood on the take', 'Hood on, the take'],
    ['other case', 'good morning', 'Good morning'],
    ['a sentence that is one no more', 'How are you.', 'How are you'],
    ['another end of the sentence', 'How are you.', 'How are you?'],
    ['a sign more in Chinese', '我想去北京', '我想去北京大'],
    ['a symbol', 'that is 5', 'that is 5 %'],
  ])('debounces %s', (_what, sentText, text) => {
    expect(filterPartial({ ...usual, sentText, text }, settings)).toEqual({ action: 'debounce', untilMs: 1250 });
  });

  it.each([
    ['the same text', 'how are you', 'how are you'],
    ['other white space', 'how are you', ' how  are\tyou '],
    ['the same letters, composed', 'cafe\u0301 noir', 'caf\u00e9 noir'],
    ['nothing, as before', '', ' '],
  ])('drops %s', (_what, sentText, text) => {
    expect(actionOf(sentText, text)).toBe('drop');
    expect(actionOf(sentText, text, { debouncedSinceMs: 950 })).toBe('drop');
  });

  describe('where the recogniser tells what is stable', () => {
    it.each([
      ['a last word that has come to stay', 'the mine', 'the morning', 'the morning', 'send'],
      ['a last word that may change, however long', 'how are', 'how are international', 'how are', 'debounce'],
      [
        'a last word that may change behind a long stable one',
        'how',
        'how international are',
        'how international',
        'send',
      ],
      ['a correction that may change again', 'the mining please', 'the morning please', '', 'send'],
      ['the same text that is stable now', 'the morning', 'the morning', 'the morning', 'drop'],
      ['other punctuation', 'the morning please', 'the morning, please', 'the morning', 'debounce'],
      ['a stable last word in Chinese', '我想', '我想去北京', '我想去北京', 'send'],
    ])('%s', (_what, sentText, text, stable, action) => {
      expect(actionOf(sentText, text, { stable })).toBe(action);
    });
  });

  it('debounces from the first of several small changes on', () => {
    const partial = { ...usual, sentText: 'how are you', text: 'how are you to' };
    expect(filterPartial({ ...partial, debouncedSinceMs: 800 }, settings)).toEqual({
      action: 'debounce',
      untilMs: 1050,
    });
    expect(filterPartial({ ...partial, debouncedSinceMs: 750 }, settings)).toEqual({ action: 'send' });
  });

  it('debounces nothing where partials come too far apart for a newer one to replace it', () => {
    const partial = { ...usual, sentText: 'how are you', text: 'how are you to' };
    expect(filterPartial({ ...partial, previousAtMs: 750 }, settings).action).toBe('debounce');
    expect(filterPartial({ ...partial, previousAtMs: 749 }, settings).action).toBe('send');
  });

  it('sends everything if debouncing is off', () => {
    const off = { minGrowthChars: 4, holdMs: 0 };
    for (const text of ['how are you', 'how are you to', 'how are your', 'how']) {
      expect(filterPartial({ ...usual, sentText: 'how are you', text }, off)).toEqual({ action: 'send' });
    }
  });

  it('sends every word that is added where the growth asked for is 1', () => {
    const words = { minGrowthChars: 1, holdMs: 250 };
    expect(filterPartial({ ...usual, sentText: 'how are you', text: 'how are you a' }, words).action).toBe('send');
    expect(filterPartial({ ...usual, sentText: 'how are you', text: 'how are your' }, words).action).toBe('debounce');
  });
});
