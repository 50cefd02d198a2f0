import { expect, it } from '@jest/globals';
import type { SharedAnswer } from '../src/index.ts';
import { AskedStore } from '../src/limit/asked-store.ts';

const full: SharedAnswer = {
  status: 'granted',
  retryAfterMs: 0,
  fill: 1,
  unused: 1,
  given: { requests: 1, tokens: 1 },
};
const shape = { requests: { capacity: 100, perMs: 1 }, tokens: undefined };
const ask = { kind: 'final', session: 's', tokens: 1, call: 'c', shape, reserve: 0 } as const;

it('the engine has the last word: an answer to who asked before its refusal fills nothing', async () => {
  let next = Promise.withResolvers<SharedAnswer>();
  const store = new AskedStore({ room: { take: () => next.promise }, threads: () => 1 });
  const asked = store.ask(ask);
  store.ranOut();
  next.resolve(full);
  expect(await asked).toEqual(full);
  expect(store.hasPlenty(shape, 1)).toBe(false);
  next = Promise.withResolvers();
  const askedAfter = store.ask(ask);
  next.resolve(full);
  await askedAfter;
  expect(store.hasPlenty(shape, 1)).toBe(true);
});
