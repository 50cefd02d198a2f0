import { expect, it } from '@jest/globals';
import type { Engine, TranslationRequest } from '@parley/translation';
import { countingCalls } from '../src/engine/counting-calls.ts';

const request = { text: 'hello', source: 'en', target: 'es', signal: new AbortController().signal } as const;

function countedEngine(translate: Engine['translate']) {
  const counted = { partial: 0, final: 0 };
  const countCall = (kind: TranslationRequest['kind']): Disposable => {
    counted[kind]++;
    return {
      [Symbol.dispose]: () => {
        counted[kind]--;
      },
    };
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
  const ask = (kind: TranslationRequest['kind']) =>
    countingCalls(engine, { countCall }).translate({ ...request, kind });
  return { counted, ask };
}

it('counts calls while they last, by their kind', async () => {
  const { promise: answer, resolve } = Promise.withResolvers<{ text: string }>();
  const { counted, ask } = countedEngine(() => answer);
  const calls = [ask('final'), ask('partial'), ask('final')];
  expect(counted).toEqual({ partial: 1, final: 2 });
  resolve({ text: 'hola' });
  expect(await Promise.all(calls)).toEqual([{ text: 'hola' }, { text: 'hola' }, { text: 'hola' }]);
  expect(counted).toEqual({ partial: 0, final: 0 });
});

it('counts a call that fails no longer', async () => {
  const { counted, ask } = countedEngine(() => Promise.reject(new Error('down')));
  await expect(ask('final')).rejects.toThrow('down');
  expect(counted.final).toBe(0);
});
