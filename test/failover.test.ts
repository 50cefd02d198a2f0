import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  engineAt,
  engineOf,
  resultOf,
  resultsIn,
  partialOf,
  startProcess,
  startStack,
  workerMetric,
  type EngineControl,
  type TestProcess,
  type TestStack,
} from './harness/index.ts';
import { startSpeaker } from './harness/speaker.ts';
import { until } from './harness/until.ts';

const toSpanish = { sourceLanguage: 'en', targetLanguages: ['es'] };
/** A final is retried for 15 s, and a call may slightly exceed its timeout. */
const boundMs = 20_000;

function startEngine(port = '0'): Promise<TestProcess> {
  return startProcess({ name: 'engine', env: { ENGINE_TRANSLATIONS: 'marked', PORT: port } });
}

function endpoint(name: string, url: string, more: object = {}): object {
  return { type: 'openai', name, baseUrl: new URL('/v1', url).href, model: 'any', ...more };
}

const circuitOpen = (stack: TestStack, name: string): Promise<number> =>
  workerMetric(stack, `parley_worker_endpoint_circuits_open{endpoint="${name}"}`);

describe('an engine with a fallback', () => {
  let second: TestProcess;
  let stack: TestStack;
  let engines: [EngineControl, EngineControl];

  beforeAll(async () => {
    second = await startEngine();
    stack = await startStack({
      engines: (first) => [endpoint('first', first), endpoint('second', second.url)],
    });
    engines = [engineOf(stack), engineAt(second.url)];
  });
  afterEach(() => Promise.all(engines.map((engine) => engine.reset())));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await second[Symbol.asyncDispose]();
  });

  it('use only the first while it works', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), toSpanish);
    await speaker.session.sendFinal({ segmentId: 1, text: 'all is well' });
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 1 } });
    const [one, two] = await Promise.all(engines.map((engine) => engine.stats()));
    expect([one?.requests, two?.requests]).toEqual([1, 0]);
  });

  it('I3: deliver every final while the first fails, stop calling it, and return to it', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), toSpanish);
    const [one, two] = engines;
    let segmentId = 0;
    const say = async (): Promise<void> => {
      await speaker.session.sendFinal({ segmentId: ++segmentId, text: `sentence ${segmentId}` });
      await speaker.waitForMessage(resultOf(segmentId));
    };
    await one.fail({ status: 500 });
    await until('the circuit of the first is open', async () => {
      await say();
      return (await circuitOpen(stack, 'first')) === 1;
    });
    const asked = (await one.stats()).requests;
    await say();
    await say();
    expect((await one.stats()).requests - asked).toBeLessThanOrEqual(1); // One may have been a probe.
    expect((await two.stats()).completed).toBeGreaterThanOrEqual(3);
    await one.reset();
    await until('the first is called again', async () => {
      await say();
      return (await one.stats()).completed > 0;
    });
    await until('its circuit is closed', async () => (await circuitOpen(stack, 'first')) === 0);
    const served = (await two.stats()).completed;
    await say();
    expect((await two.stats()).completed).toBe(served);
    expect(resultsIn(speaker.messages).map(({ type }) => type)).toEqual(
      Array.from({ length: segmentId }, () => 'translation.final'),
    );
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsFailed: 0 } });
    expect(await workerMetric(stack, 'parley_worker_failovers_total{kind="final"}')).toBeGreaterThan(0);
  }, 60_000);
});

it('I3: the fallback serves partials and finals if the first refuses connections', async () => {
  await using gone = await startEngine();
  await gone.child.stop();
  await using stack = await startStack({ engines: (own) => [endpoint('gone', gone.url), endpoint('own', own)] });
  await using speaker = await startSpeaker(stack.streamUrl(), toSpanish);
  for (let segmentId = 1; segmentId <= 6; segmentId++) {
    await speaker.session.sendFinal({ segmentId, text: `sentence ${segmentId}` });
  }
  await Promise.all([1, 2, 3, 4, 5, 6].map((segmentId) => speaker.waitForMessage(resultOf(segmentId))));
  speaker.session.sendPartial({ segmentId: 7, revision: 0, text: 'and so on' });
  await speaker.waitForMessage(partialOf(7));
  expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 6, finalsFailed: 0 } });
}, 60_000);

it('separate engines serve partials and finals, also of the same text', async () => {
  await using quick = await startEngine();
  await using stack = await startStack({
    engines: (own) => [endpoint('quick', quick.url, { for: 'partial' }), endpoint('good', own, { for: 'final' })],
  });
  await using speaker = await startSpeaker(stack.streamUrl(), toSpanish);
  speaker.session.sendPartial({ segmentId: 1, revision: 0, text: 'the same text' });
  await speaker.waitForMessage(partialOf(1));
  await speaker.session.sendFinal({ segmentId: 1, text: 'the same text' });
  expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 1 } });
  expect(await engineAt(quick.url).stats()).toMatchObject({ requests: 1, completed: 1 });
  expect(await engineOf(stack).stats()).toMatchObject({ requests: 1, completed: 1 });
}, 60_000);

it('I3, I12: with all engines down each final fails in time, and none fails after their return', async () => {
  await using second = await startEngine();
  await using stack = await startStack({ engines: (own) => [endpoint('own', own), endpoint('second', second.url)] });
  await using speaker = await startSpeaker(stack.streamUrl(), toSpanish);
  await Promise.all([stack.engine.child.stop(), second.child.stop()]);
  const saidAtMs = Date.now();
  const segments = Array.from({ length: 10 }, (_, index) => index + 1);
  for (const segmentId of segments) {
    await speaker.session.sendFinal({ segmentId, text: `nobody translates sentence ${segmentId}` });
  }
  await Promise.all(segments.map((segmentId) => speaker.waitForMessage(resultOf(segmentId))));
  expect(Date.now() - saidAtMs).toBeLessThan(boundMs);
  for (const result of resultsIn(speaker.messages)) {
    expect(result).toMatchObject({ type: 'translation.failed', code: 'engine-unavailable' });
  }

  await speaker.session.sendFinal({ segmentId: 11, text: 'said while they were gone' });
  await using back = await startEngine(new URL(second.url).port);
  expect(await speaker.waitForMessage(resultOf(11))).toMatchObject({ type: 'translation.final' });
  await speaker.session.sendFinal({ segmentId: 12, text: 'said after they came back' });
  expect(await speaker.waitForMessage(resultOf(12))).toMatchObject({ type: 'translation.final' });
  expect(await engineAt(back.url).stats()).toMatchObject({ completed: 2 });
  expect(await speaker.end()).toMatchObject({ violations: [] });
}, 90_000);
