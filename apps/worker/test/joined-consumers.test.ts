import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createLogger, createThreadRegistry, createWorkerMetrics } from '@parley/telemetry';
import { loadConfig } from '@parley/config';
import type { Engine, SavingCause, TranslationService } from '@parley/translation';
import { startRedis, type TestRedis } from '../../../test/harness/redis.ts';
import { openTranslations } from '../src/engine/translations.ts';

let server: TestRedis;
beforeAll(async () => (server = await startRedis()));
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** As many consumers as workers or threads would have, over one engine that answers when it is told to. */
async function consumers(count: number, env: Readonly<Record<string, string>>) {
  await using opened = new AsyncDisposableStack();
  const config = loadConfig({ LOG_LEVEL: 'silent', CACHE_REDIS_URL: server.url, ...env });
  const answers: (() => void)[] = [];
  const saved: SavingCause[] = [];
  const engine: Engine = {
    name: 'stand-in',
    identity: () => 'stand-in 1',
    warm: () => Promise.resolve(),
    capabilities: () => Promise.resolve({ languagePairs: undefined }),
    async translate({ text }, onText) {
      await new Promise<void>((resolve) => answers.push(resolve));
      onText?.(`[es] ${text}`);
      return { text: `[es] ${text}` };
    },
    close: () => Promise.resolve(),
  };
  const services: TranslationService[] = [];
  while (services.length < count) {
    const metrics = createWorkerMetrics(createThreadRegistry());
    services.push(
      await openTranslations(
        {
          config,
          engine,
          spending: { standing: () => 'within', saved: (_payer, cause) => void saved.push(cause) },
          metrics,
          logger: createLogger(config, 'worker'),
        },
        opened,
      ),
    );
  }
  const owned = opened.move();
  return { answers, saved, services, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

it.each([
  ['with a cache', { CACHE: 'on' }],
  ['without one', { CACHE: 'off' }],
])('ten consumers that are asked for the same make one call, %s', async (name, env) => {
  await using ten = await consumers(10, env);
  const request = { text: `good morning ${name}`, source: 'en', target: 'es', tenant: 'one' } as const;
  const { signal } = new AbortController();
  const asked = ten.services.flatMap((service) => [
    service.translatePartial({ ...request, kind: 'partial', session: 'a', signal }),
    service.translateFinal({ ...request, kind: 'final', session: 'b', signal }),
  ]);
  const redis = server.connect();
  const followers = async (): Promise<number> => {
    const flights = await redis.keys('sf:*');
    const fields = await Promise.all(flights.map((key) => redis.hkeys(key)));
    return fields.flat().filter((field) => field.startsWith('f:')).length;
  };
  while ((await followers()) < 9) await new Promise((resolve) => setTimeout(resolve, 5));
  ten.answers[0]?.();
  const results = await Promise.all(asked);
  expect(new Set(results.map(({ text }) => text))).toEqual(new Set([`[es] good morning ${name}`]));
  expect(results.filter(({ joined }) => !joined)).toHaveLength(1);
  expect(ten.answers).toHaveLength(1);
  // Every other request was spared a call, and is counted so.
  expect(ten.saved).toEqual(Array.from({ length: asked.length - 1 }, () => 'joined'));
});
