import { describe, expect, it } from '@jest/globals';
import { stableLength } from '../../src/messages/stable-length.ts';

describe('the stable length of a transcript', () => {
  const text = 'Good morning, everyone';

  it.each<[string, string, string | undefined, string | undefined]>([
    ['nothing known', text, undefined, undefined],
    ['nothing stable', text, '', ''],
    ['a beginning', text, 'Good morning,', 'Good morning,'],
    ['a part of a word', text, 'Good mor', 'Good mor'],
    ['the whole text', text, text, text],
    ['another case', text, 'good morning', 'Good morning'],
    ['other white space and punctuation', text, ' good   morning - ', 'Good morning'],
    ['only punctuation', text, '...', ''],
    ['letters that grow in lower case', 'İstanbul is', 'i̇STANBUL', 'İstanbul'],
    ['text beyond the basic plane', '𝒢ood 👋 morning', '𝒢ood 👋', '𝒢ood 👋'],
    ['half of a surrogate pair', 'hi 👋', 'hi \ud83d', 'hi '],
    ['no white space', '我想去北京', '我想', '我想'],
    ['other words', text, 'Good evening', undefined],
    ['more words than the text', text, 'good morning everyone here', undefined],
  ])('%s', (_what, spoken, stable, expected) => {
    expect(stableLength(spoken, stable)).toBe(expected?.length);
  });
});
