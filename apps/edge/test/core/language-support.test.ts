import { expect, it } from '@jest/globals';
import { LanguageSupport } from '../../src/core/language-support.ts';

const profile = { v: 1, engine: 'test', languagePairs: [['en', 'es']] as [string, string][] } as const;

it('does not take unread pairs for those of an engine without a list, but keeps pairs once they were read', async () => {
  let isAway = true;
  let nowMs = 0;
  const read = () => (isAway ? Promise.reject(new Error('Redis is away')) : Promise.resolve(profile));
  const support = new LanguageSupport(read, () => nowMs);
  await expect(support.pairs()).rejects.toThrow('Redis is away');
  // Whether a session can start is for Redis to say.
  expect(await support.unsupported('en', ['fr'])).toEqual([]);
  isAway = false;
  expect(await support.pairs()).toEqual([['en', 'es']]);
  isAway = true;
  nowMs += 60_000;
  expect(await support.pairs()).toEqual([['en', 'es']]);
});
