import { expect, it } from '@jest/globals';
import { usesFreshConnection } from '../src/http-call.ts';
import type { Engine, TranslationRequest } from '@parley/translation';
import { requestFor } from './engine-under-test.ts';
import { startLibreTranslateFixture } from './libretranslate-fixture.ts';
import { startOpenAiFixture } from './openai-fixture.ts';

it.each([
  ['final', 0, false, false],
  ['final', 1, false, true],
  ['final', 2, false, false],
  ['final', 3, false, true],
  ['final', 1, true, false],
  ['partial', 0, false, false],
] as const)(
  'a %s after %i calls, strict: %s, uses a fresh connection: %s',
  (kind, earlierAttempts, strict, expected) => {
    expect(usesFreshConnection(requestFor({ kind, earlierAttempts, strict }))).toBe(expected);
  },
);

const alone = (engine: Engine, request: TranslationRequest) => engine.translate(request);
const inBatch = (engine: Engine, request: TranslationRequest) =>
  engine.translateBatch?.([requestFor({ kind: 'final' }), request], request.signal);

it.each([
  ['the OpenAI engine', startOpenAiFixture, alone],
  ['a batch of it', startOpenAiFixture, inBatch],
  ['the LibreTranslate engine', startLibreTranslateFixture, alone],
])('%s makes a call that is to use a fresh connection over another one', async (_, start, ask) => {
  await using stack = new AsyncDisposableStack();
  const fixture = stack.adopt(await start({ connections: 1 }), (started) => started.close());
  const { engine, server } = fixture;
  fixture.translateAs('{"translations":["uno","dos"]}');
  for (const earlierAttempts of [0, 1, 2]) await ask(engine, requestFor({ kind: 'final', earlierAttempts }));
  const [first, second, third] = server.exchanges.filter(({ method }) => method === 'POST').map(({ port }) => port);
  expect(second).not.toBe(first);
  expect(third).toBe(first);
});
