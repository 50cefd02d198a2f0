import { expect, it } from '@jest/globals';
import { memoize } from '../src/index.ts';

it.each([
  ['results', { maxResults: 3 }],
  ['characters of keys', { maxChars: 6 }],
])('remembered results are forgotten when there are too many %s', (_what, limits) => {
  const computed: string[] = [];
  const remembered = memoize((key) => {
    computed.push(key);
    return { key };
  }, limits);
  const first = remembered('aa');
  expect([remembered('bb').key, remembered('cc').key, remembered('aa') === first]).toEqual(['bb', 'cc', true]);
  remembered('dd');
  expect([remembered('aa') === first, computed]).toEqual([false, ['aa', 'bb', 'cc', 'dd', 'aa']]);
});

it('an error is not remembered', () => {
  let calls = 0;
  const failing = memoize((): never => {
    calls += 1;
    throw new Error('no');
  });
  expect(() => failing('a')).toThrow('no');
  expect(() => failing('a')).toThrow('no');
  expect(calls).toBe(2);
});
