import { expect, it } from '@jest/globals';
import type { StoreReply } from '../src/index.ts';
import { RemoteLimiter } from '../src/limit/remote-limiter.ts';

const full: StoreReply = {
  status: 'granted',
  retryAfterMs: 0,
  fill: 1,
  headroom: 1,
  granted: { requests: 1, tokens: 1 },
};
const buckets = { requests: { capacity: 100, perMs: 1 }, tokens: undefined };
const ask = { kind: 'final', tenant: 't', session: 's', tokens: 1, call: 'c', buckets, reserve: 0 } as const;

it('the engine has the last word: an answer to who asked before its refusal fills nothing', async () => {
  let next = Promise.withResolvers<StoreReply>();
  const store = new RemoteLimiter({ store: { acquire: () => next.promise }, threads: () => 1 });
  const asked = store.ask(ask);
  store.markExhausted();
  next.resolve(full);
  expect(await asked).toEqual(full);
  expect(store.hasPlenty(buckets, 1)).toBe(false);
  next = Promise.withResolvers();
  const askedAfter = store.ask(ask);
  next.resolve(full);
  await askedAfter;
  expect(store.hasPlenty(buckets, 1)).toBe(true);
});
