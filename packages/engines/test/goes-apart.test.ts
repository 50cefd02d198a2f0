import { expect, it } from '@jest/globals';
import { goesApart } from '../src/goes-apart.ts';
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
] as const)('a %s after %i calls, strict: %s, goes apart: %s', (kind, earlierAttempts, strict, expected) => {
  expect(goesApart(requestFor({ kind, earlierAttempts, strict }))).toBe(expected);
});

async function readAll(pieces: AsyncIterable<unknown> | undefined): Promise<void> {
  for await (const piece of pieces ?? []) expect(piece).toBeDefined();
}

const alone = (engine: Engine, request: TranslationRequest) => engine.translate(request);
const inBatch = (engine: Engine, request: TranslationRequest) =>
  engine.translateBatch?.([requestFor({ kind: 'final' }), request], request.signal);

it.each([
  ['the OpenAI engine', startOpenAiFixture, alone],
  ['a batch of it', startOpenAiFixture, inBatch],
  ['the LibreTranslate engine', startLibreTranslateFixture, alone],
])('%s makes a call that goes apart over another connection', async (_, start, ask) => {
  await using stack = new AsyncDisposableStack();
  const fixture = stack.adopt(await start({ connections: 1 }), (started) => started.close());
  const { engine, server } = fixture;
  fixture.translateAs('{"translations":["uno","dos"]}');
  for (const earlierAttempts of [0, 1, 2]) await readAll(ask(engine, requestFor({ kind: 'final', earlierAttempts })));
  const [first, second, third] = server.exchanges.filter(({ method }) => method === 'POST').map(({ port }) => port);
  expect(second).not.toBe(first);
  expect(third).toBe(first);
});
