import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { engineOf, metricsPages, startStack, type EngineControl, type TestStack } from './harness/index.ts';
import { startSpeaker, type Speaker } from './harness/speaker.ts';

/** Resolves once the edge has processed this number of `session.end` messages. */
async function endsTaken(stack: TestStack, count: number): Promise<void> {
  const said = `parley_edge_frames_total{type="session.end"} ${count}`;
  while (!(await metricsPages(stack)).join('').includes(said)) await new Promise((resolve) => setTimeout(resolve, 20));
}

const keys = { one: 'the-key-of-tenant-one', two: 'the-key-of-tenant-two' };

const english = { sourceLanguage: 'en', targetLanguages: ['es'] };

const finals = ({ messages }: Speaker) => messages.filter(({ type }) => type === 'translation.final');

describe('a final with the text of its last partial', () => {
  let stack: TestStack;
  let engine: EngineControl;
  const speak = (tenant: keyof typeof keys): Promise<Speaker> =>
    startSpeaker(stack.streamUrl(), english, {}, keys[tenant]);
  beforeAll(async () => {
    stack = await startStack({
      workers: 2,
      env: { WORKERS: 'process', SINGLEFLIGHT: 'on', API_KEYS: `one:${keys.one},two:${keys.two}` },
    });
    engine = engineOf(stack);
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  /** A result is there for some seconds: no test says what another has said. */
  let text = '';
  let test = 0;
  beforeEach(async () => {
    text = `hello there ${test++}`;
    await stack.postToEngine('/debug/reset', {});
    await engine.hold(true);
  });

  it('I3: joins its call in progress, and never that of another tenant', async () => {
    await using speaker = await speak('one');
    await using other = await speak('two');
    for (const { session } of [speaker, other]) session.sendPartial({ segmentId: 0, revision: 0, text });
    await engine.held(2);
    await speaker.session.sendFinal({ segmentId: 0, text });
    await engine.release({ all: true });
    expect(await speaker.waitForMessage(({ type }) => type === 'translation.final')).toMatchObject({
      text: `[es] ${text}`,
    });
    expect(await other.waitForMessage(({ type }) => type === 'translation.partial')).toMatchObject({ revision: 0 });
    expect((await engine.stats()).requests).toBe(2);
    expect(await speaker.end()).toMatchObject({ violations: [] });
    expect(finals(speaker)).toHaveLength(1);
  });

  it('joins its call although the session ends at once', async () => {
    await using speaker = await speak('one');
    speaker.session.sendPartial({ segmentId: 0, revision: 0, text });
    await engine.held(1);
    await speaker.session.sendFinal({ segmentId: 0, text });
    const ended = speaker.end();
    // The partial's call would end with its session if the final had not joined it.
    await endsTaken(stack, 2);
    await engine.release({ all: true });
    expect(await ended).toMatchObject({ violations: [], counts: { finalsTranslated: 1 } });
    expect(await engine.stats()).toMatchObject({ requests: 1, aborted: 0 });
  });

  it('uses its result if it has just completed', async () => {
    await using speaker = await speak('one');
    await engine.hold(false);
    speaker.session.sendPartial({ segmentId: 0, revision: 0, text });
    await speaker.waitForMessage(({ type }) => type === 'translation.partial');
    await speaker.session.sendFinal({ segmentId: 0, text });
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 1 } });
    expect((await engine.stats()).requests).toBe(1);
  });

  it('I3: is translated although the worker that makes the call is killed', async () => {
    await using speaker = await speak('one');
    speaker.session.sendPartial({ segmentId: 0, revision: 0, text });
    await engine.held(1);
    await speaker.session.sendFinal({ segmentId: 0, text });
    await engine.hold(false);
    stack.workers[0]?.child.kill();
    await engine.release({ all: true });
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 1 } });
  });
});

describe('with SINGLEFLIGHT=off a final with the text of its last partial', () => {
  it('I2: has its own call, and that of the partial is aborted', async () => {
    await using stack = await startStack({ env: { SINGLEFLIGHT: 'off' } });
    const engine = engineOf(stack);
    await engine.hold(true);
    await using speaker = await startSpeaker(stack.streamUrl(), english);
    speaker.session.sendPartial({ segmentId: 0, revision: 0, text: 'hello there' });
    await engine.held(1);
    await speaker.session.sendFinal({ segmentId: 0, text: 'hello there' });
    await engine.when(({ requests, aborted }) => requests === 2 && aborted === 1);
    await engine.release({ all: true });
    await speaker.waitForMessage(({ type }) => type === 'translation.final');
    expect(await speaker.end()).toMatchObject({ violations: [] });
    expect(speaker.messages.filter(({ type }) => type === 'translation.partial')).toEqual([]);
    expect(finals(speaker)).toHaveLength(1);
    expect((await engine.stats()).requests).toBe(2);
  });
});
