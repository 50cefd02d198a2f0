import type { StartOptions } from '@parley/client';
import type { ServerMessage } from '@parley/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  engineOf,
  partialOf,
  resultOf,
  startRedis,
  startStack,
  workerMetric,
  type EngineControl,
  type TestStack,
} from './harness/index.ts';
import { startSpeaker, type Speaker } from './harness/speaker.ts';
import { until } from './harness/until.ts';

const keys = { one: 'the-key-of-tenant-one', two: 'the-key-of-tenant-two' };
const withKeys = { API_KEYS: `one:${keys.one},two:${keys.two}` };
const english: StartOptions = { sourceLanguage: 'en', targetLanguages: ['es'] };
const cacheFailures = 'parley_worker_cache_failures_total';

function saved(stack: TestStack, kind: 'partial' | 'final', by: string): Promise<number> {
  return workerMetric(stack, `parley_worker_calls_saved_total{kind="${kind}",by="${by}"}`);
}

/** Sends one final in a new session. */
async function sayOnce(stack: TestStack, text: string, tenant: keyof typeof keys, options: Partial<StartOptions> = {}) {
  await using speaker = await startSpeaker(stack.streamUrl(), { ...english, ...options }, {}, keys[tenant]);
  await speaker.session.sendFinal({ segmentId: 1, text });
  expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 1 } });
  const final = speaker.messages.find((message) => message.type === 'translation.final');
  const ended = speaker.messages.find((message) => message.type === 'session.ended');
  return { cached: final?.cached, usage: ended?.usage };
}

describe('sessions of one tenant', () => {
  let stack: TestStack;
  let engine: EngineControl;
  let cache: Awaited<ReturnType<typeof startRedis>>;
  let opened: AsyncDisposableStack;
  beforeAll(async () => {
    opened = new AsyncDisposableStack();
    cache = opened.use(await startRedis());
    const env = { ...withKeys, WORKERS: 'process', CACHE: 'on', SINGLEFLIGHT: 'on', CACHE_REDIS_URL: cache.url };
    stack = opened.use(await startStack({ workers: 2, env }));
    engine = engineOf(stack);
  });
  afterAll(async () => {
    await opened.disposeAsync();
  });
  beforeEach(() => engine.reset());

  const taken = 'parley_worker_queue_wait_seconds_count{kind="partial"}';
  const takenBy = (worker: number): Promise<number> =>
    workerMetric({ ...stack, workers: stack.workers.slice(worker, worker + 1) }, taken);

  /** Starts a session whose segment 0 is held by this worker, with the same text for all. */
  const startOn = async (worker: number): Promise<Speaker> => {
    for (;;) {
      const speaker = await startSpeaker(stack.streamUrl(), english, {}, keys.one);
      const before = await takenBy(worker);
      speaker.session.sendPartial({ segmentId: 0, revision: 0, text: 'one moment' });
      await speaker.waitForMessage(partialOf(0));
      if ((await takenBy(worker)) > before) return speaker;
      await speaker.end();
    }
  };
  const newestOf = (message: ServerMessage): boolean =>
    message.type === 'translation.partial' && message.segmentId === 0 && message.revision === 1;

  /** Starts two sessions that wait for one call on the same partial, made by the first worker. */
  const startBoth = async (text: string) => {
    await using speakers = new AsyncDisposableStack();
    const [first, second] = [speakers.use(await startOn(0)), speakers.use(await startOn(1))];
    const redis = cache.connect();
    await engine.reset();
    await engine.hold(true);
    first.session.sendPartial({ segmentId: 0, revision: 1, text });
    await engine.held(1);
    second.session.sendPartial({ segmentId: 0, revision: 1, text });
    const hasFollower = async (key: string): Promise<boolean> =>
      (await redis.hkeys(key)).some((field) => field.startsWith('f:'));
    await until('the call has a follower', async () =>
      (await Promise.all((await redis.keys('sf:*')).map(hasFollower))).includes(true),
    );
    const owned = speakers.move();
    return { first, second, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  };

  it('share the call for the same partial across two workers', async () => {
    const before = await saved(stack, 'partial', 'joined-elsewhere');
    await using both = await startBoth('welcome everybody');
    await engine.release({ all: true });
    for (const speaker of [both.first, both.second]) {
      expect(await speaker.waitForMessage(newestOf)).toMatchObject({ tentative: '[es] welcome everybody' });
      expect(await speaker.end()).toMatchObject({ violations: [] });
    }
    expect(await engine.stats()).toMatchObject({ requests: 1, aborted: 0 });
    expect(await saved(stack, 'partial', 'joined-elsewhere')).toBe(before + 1);
  });

  it('I28: continue a call that its initiating session has abandoned', async () => {
    await using both = await startBoth('a call that goes on');
    const cancelled = 'parley_worker_translations_total{kind="partial",outcome="cancelled"}';
    const before = await workerMetric(stack, cancelled);
    await both.first.session.sendFinal({ segmentId: 0, text: 'something else' });
    await engine.held(2);
    await until('the call is cancelled', async () => (await workerMetric(stack, cancelled)) > before);
    await engine.release({ all: true });
    expect(await both.second.waitForMessage(newestOf)).toMatchObject({ tentative: '[es] a call that goes on' });
    expect(await both.first.waitForMessage(resultOf(0))).toMatchObject({ text: '[es] something else' });
    expect(await engine.stats()).toMatchObject({ requests: 2, aborted: 0 });
    for (const speaker of [both.first, both.second]) expect(await speaker.end()).toMatchObject({ violations: [] });
  });

  it('I28: repeat the call when the worker that makes it is killed', async () => {
    await using both = await startBoth('which worker is it');
    await stack.kill('workers', 0);
    await engine.hold(false);
    for (const speaker of [both.second, both.first]) {
      expect(await speaker.waitForMessage(newestOf)).toMatchObject({ tentative: '[es] which worker is it' });
      expect(await speaker.end()).toMatchObject({ violations: [] });
    }
    // The lost call and the repeated one.
    expect((await engine.stats()).requests).toBe(2);
    await stack.restart('workers', 0);
  });

  it('get a repeated final from the cache, and nothing that differs', async () => {
    const text = 'the ward is open';
    expect(await sayOnce(stack, text, 'one')).toMatchObject({ cached: false, usage: { cached: 0 } });
    expect(await sayOnce(stack, ` ${text}`, 'one')).toMatchObject({
      cached: true,
      usage: { translations: 1, cached: 1, tokens: 0 },
    });
    expect((await engine.stats()).requests).toBe(1);
    const others: [string, keyof typeof keys, Partial<StartOptions>][] = [
      [text, 'two', {}],
      [`${text} now`, 'one', {}],
      ['the ward is', 'one', {}],
      [text, 'one', { targetLanguages: ['ca'] }],
      [text, 'one', { sourceLanguage: 'fr' }],
      [text, 'one', { formality: 'formal' }],
      [text, 'one', { context: 'a hospital' }],
      [text, 'one', { glossary: [{ source: 'ward', target: 'planta' }] }],
    ];
    for (const [said, tenant, options] of others) {
      expect(await sayOnce(stack, said, tenant, options)).toMatchObject({ cached: false });
    }
    expect((await engine.stats()).requests).toBe(1 + others.length);
    expect((await saved(stack, 'final', 'memory')) + (await saved(stack, 'final', 'cache'))).toBeGreaterThan(0);
  });

  it('continue without the cache while its Redis is down', async () => {
    const before = await workerMetric(stack, cacheFailures);
    await cache.kill();
    expect(await sayOnce(stack, 'said while nothing is kept', 'one')).toMatchObject({ cached: false });
    expect(await workerMetric(stack, cacheFailures)).toBeGreaterThan(before);
    await cache.start();
    let round = 0;
    await until('the cache is used', async () => {
      const { cached } = await sayOnce(stack, `kept again ${Math.floor(round++ / 2)}`, 'one');
      return cached === true;
    });
  });
});

describe('with SINGLEFLIGHT=off, CACHE=on and CACHE_SHARED=on', () => {
  it('a tenant gets texts of another one from the cache, and no call is shared', async () => {
    await using stack = await startStack({
      env: { ...withKeys, CACHE: 'on', CACHE_SHARED: 'on', SINGLEFLIGHT: 'off' },
    });
    const engine = engineOf(stack);
    await engine.hold(true);
    await using first = await startSpeaker(stack.streamUrl(), english, {}, keys.one);
    await using second = await startSpeaker(stack.streamUrl(), english, {}, keys.two);
    for (const { session } of [first, second]) session.sendPartial({ segmentId: 0, revision: 0, text: 'hello there' });
    await engine.held(2);
    await engine.hold(false);
    await engine.release({ all: true });
    for (const speaker of [first, second]) {
      await speaker.waitForMessage(partialOf(0));
      expect(await speaker.end()).toMatchObject({ violations: [] });
    }
    expect(await sayOnce(stack, 'hello there', 'one')).toMatchObject({ cached: true });
    expect(await sayOnce(stack, 'hello there', 'two')).toMatchObject({ cached: true });
    expect((await engine.stats()).requests).toBe(2);
  });
});

describe('with CACHE=off and SINGLEFLIGHT=off', () => {
  it('every final has its own call', async () => {
    await using stack = await startStack({ env: { ...withKeys, CACHE: 'off', SINGLEFLIGHT: 'off' } });
    for (const count of [1, 2]) {
      expect(await sayOnce(stack, 'hello there', 'one')).toMatchObject({ cached: false, usage: { cached: 0 } });
      expect((await engineOf(stack).stats()).requests).toBe(count);
    }
  });
});
