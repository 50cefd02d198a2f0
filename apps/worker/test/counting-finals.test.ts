import { expect, it } from '@jest/globals';
import type { Engine, TranslationRequest } from '@parley/translation';
import { countingFinals } from '../src/engine/counting-finals.ts';

const request = { text: 'hello', source: 'en', target: 'es', signal: new AbortController().signal } as const;

function countedEngine(translate: Engine['translate']) {
  const counter = {
    finals: 0,
    finalBegan() {
      this.finals++;
      return {
        [Symbol.dispose]: () => {
          this.finals--;
        },
      };
    },
  };
  const engine: Engine = {
    name: 'an engine',
    identity: () => 'an engine',
    usesPrevious: () => false,
    warm: () => Promise.resolve(),
    capabilities: () => Promise.resolve({ languagePairs: undefined }),
    translate,
    close: () => Promise.resolve(),
  };
  const ask = (kind: TranslationRequest['kind']) => countingFinals(engine, counter).translate({ ...request, kind });
  return { counter, ask };
}

it('counts calls for finals while they last, and none for partials', async () => {
  const { promise: answer, resolve } = Promise.withResolvers<{ text: string }>();
  const { counter, ask } = countedEngine(() => answer);
  const calls = [ask('final'), ask('partial'), ask('final')];
  expect(counter.finals).toBe(2);
  resolve({ text: 'hola' });
  expect(await Promise.all(calls)).toEqual([{ text: 'hola' }, { text: 'hola' }, { text: 'hola' }]);
  expect(counter.finals).toBe(0);
});

it('counts a call that fails no longer', async () => {
  const { counter, ask } = countedEngine(() => Promise.reject(new Error('down')));
  await expect(ask('final')).rejects.toThrow('down');
  expect(counter.finals).toBe(0);
});
