import { expect, it } from '@jest/globals';
import { createTranslationService, systemClock, type TranslationService } from '@parley/translation';
import { startSilentProxy } from '../../../test/harness/silent-proxy.ts';
import { createFailoverEngine, createOpenAiEngine } from '../src/index.ts';
import { chunk, sendTranslation } from './chat-answers.ts';
import { longFinal, requestFor } from './engine-under-test.ts';
import { endpointOf } from './endpoint-fixture.ts';
import { openAiDefaults } from './openai-fixture.ts';
import { grown } from './pool-fixture.ts';
import { startScriptedServer, type ScriptedServer } from './scripted-server.ts';

const translation = 'Buenos días a todos. '.repeat(20).trim();
const retry = { baseDelayMs: 1, maxDelayMs: 1, deadlineMs: 15_000, maxRateLimitWaitMs: 0 };

/** The service over endpoints at these origins; a reply may be silent for less than a second. */
function serviceOver(origins: readonly string[], opened: AsyncDisposableStack): TranslationService {
  const endpoints = origins.map((origin, index) => {
    const settings = { ...openAiDefaults, baseUrl: `${origin}/v1`, firstTokenTimeoutMs: 700 };
    return endpointOf(createOpenAiEngine(settings), { name: String(index) });
  });
  const engine = opened.adopt(
    createFailoverEngine(endpoints, () => undefined),
    (made) => made.close(),
  );
  const clock = systemClock;
  return createTranslationService({ engine, retry, longestWaitMs: Infinity, clock, random: Math.random });
}

async function startServer(opened: AsyncDisposableStack): Promise<ScriptedServer> {
  const server = opened.adopt(await startScriptedServer(), (started) => started.close());
  server.script = (exchange) => sendTranslation(exchange, translation);
  return server;
}

it('retries a final whose stream stalls, then at the next endpoint', async () => {
  await using opened = new AsyncDisposableStack();
  const [silent, healthy] = [await startServer(opened), await startServer(opened)];
  silent.script = ({ answer }) => void answer.writeHead(200).write(chunk('Buenos '));
  const service = serviceOver([silent.origin, healthy.origin], opened);
  const { text, attempts } = await service.translateFinal(requestFor(longFinal));
  expect(text).toBe(translation);
  expect(attempts).toBe(3);
  expect([silent, healthy].map(({ exchanges }) => exchanges.length)).toEqual([2, 1]);
});

it('retries a final over another connection if its connection is silently dead', async () => {
  await using opened = new AsyncDisposableStack();
  const server = await startServer(opened);
  await using proxy = await startSilentProxy(Number(new URL(server.origin).port));
  const service = serviceOver([`http://127.0.0.1:${proxy.port}`], opened);
  await service.translateFinal(requestFor(longFinal));
  await grown();
  const translate = server.script;
  server.script = ({ answer }) => {
    server.script = translate;
    answer.writeHead(200).write(chunk('Buenos '));
  };
  let hasBegun = false;
  const { text, attempts } = await service.translateFinal(requestFor(longFinal), {
    onProgress: () => {
      if (!hasBegun) proxy.silence();
      hasBegun = true;
    },
  });
  expect(text).toBe(translation);
  expect(attempts).toBe(2);
  expect(server.connections).toBe(2);
});
