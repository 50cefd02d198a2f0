import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createLogger, createThreadRegistry, createWorkerMetrics } from '@parley/telemetry';
import { loadConfig } from '@parley/config';
import { translationKeys, type Engine, type SavingCause, type TranslationService } from '@parley/translation';
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
    usesPrevious: () => false,
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
          spending: { budgetStatus: () => 'within', saved: (_payer, cause) => void saved.push(cause) },
          metrics,
          logger: createLogger(config, 'worker'),
        },
        opened,
      ),
    );
  }
  // The first use of a connection and of its scripts may take longer than a worker waits for the cache.
  for (const service of services) {
    const request = {
      text: `warm-up ${randomUUID()}`,
      source: 'en',
      target: 'es',
      kind: 'final',
      tenant: 'warm-up',
    } as const;
    const warm = service.translateFinal({ ...request, session: 'w', signal: AbortSignal.timeout(10_000) });
    while (answers.length === 0) await new Promise(setImmediate);
    answers.pop()?.();
    await warm;
  }
  saved.length = 0;
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

it.each([
  ['with a cache', { CACHE: 'on' }],
  ['without one', { CACHE: 'off' }],
])('a final finds the call of a partial that was not looked up, and its result, elsewhere, %s', async (name, env) => {
  await using two = await consumers(2, env);
  const [first, second] = two.services;
  if (first === undefined || second === undefined) throw new Error('there are two');
  const { signal } = new AbortController();
  const partialOf = (text: string) =>
    ({ text, source: 'en', target: 'es', tenant: `tenant ${name}`, kind: 'partial', session: 'a', signal }) as const;
  const answered = async (index: number): Promise<void> => {
    while (two.answers.length <= index) await new Promise(setImmediate);
    two.answers[index]?.();
  };
  // Fifteen samples in vain, and partials are no longer looked up.
  const keyOf = translationKeys({ identity: () => 'stand-in 1', shared: false });
  const isSample = (text: string): boolean => /\.[ABCD]/.test(keyOf(partialOf(text)) ?? '');
  const texts = Array.from({ length: 1000 }, (_, index) => `good morning ${index} ${name}`);
  for (const [index, text] of texts.filter(isSample).slice(0, 15).entries()) {
    const asked = first.translatePartial(partialOf(text));
    await answered(index);
    await asked;
  }
  const redis = server.connect();
  const [underWay = '', ended = ''] = texts.filter((text) => !isSample(text));

  // By its own key: what the samples leave in Redis is written after they are answered.
  const keysOf = (text: string): Promise<string[]> => redis.keys(`*${keyOf(partialOf(text))}*`);
  const isKnown = async (text: string): Promise<void> => {
    while ((await keysOf(text)).length === 0) await new Promise(setImmediate);
  };

  const unwanted = new AbortController();
  const asked = first.translatePartial({ ...partialOf(underWay), unwanted: unwanted.signal });
  while (two.answers.length <= 15) await new Promise(setImmediate);
  expect(await keysOf(underWay)).toEqual([]);
  first.share(partialOf(underWay));
  await isKnown(underWay);
  unwanted.abort();
  await expect(asked).rejects.toThrow('cancelled');
  const final = second.translateFinal({ ...partialOf(underWay), kind: 'final', session: 'b' });
  const hasFollower = async (): Promise<boolean> => {
    const fields = await Promise.all((await redis.keys('sf:*')).map((key) => redis.hkeys(key)));
    return fields.flat().some((field) => field.startsWith('f:'));
  };
  while (!(await hasFollower())) await new Promise((resolve) => setTimeout(resolve, 5));
  await answered(15);
  expect(await final).toMatchObject({ text: `[es] ${underWay}`, joined: true });

  const done = first.translatePartial(partialOf(ended));
  await answered(16);
  await done;
  expect(await keysOf(ended)).toEqual([]);
  first.share(partialOf(ended));
  await isKnown(ended);
  const later = await second.translateFinal({ ...partialOf(ended), kind: 'final', session: 'b' });
  expect(later).toMatchObject({ text: `[es] ${ended}`, attempts: 0 });
  expect(two.answers).toHaveLength(17);
});
