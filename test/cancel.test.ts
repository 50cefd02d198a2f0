import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { engineOf, startStack, workerMetric, type EngineControl, type TestStack } from './harness/index.ts';
import { startSpeaker } from './harness/speaker.ts';

const cancelledBy = (by: string) => `parley_worker_calls_cancelled_total{by="${by}"}`;
const outcome = (name: string) => `parley_worker_translations_total{kind="partial",outcome="${name}"}`;

/** The tests distinguish how the worker is notified: by a message of the edge at once, or by the renewal up to 500 ms later. */
describe('a partial call in progress', () => {
  let stack: TestStack;
  let engine: EngineControl;
  /** By then. The calls that are left at the end of a test may be cancelled by either. */
  let cancelledByRenewal: number;
  beforeAll(async () => {
    // Sessions with the same text have separate calls.
    stack = await startStack({ workers: 2, env: { WORKERS: 'process', SINGLEFLIGHT: 'off' } });
    engine = engineOf(stack);
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await stack.postToEngine('/debug/reset', {});
    await engine.hold(true);
    cancelledByRenewal = await workerMetric(stack, cancelledBy('renewal'));
  });

  it('I2: is aborted by a final with another text', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
    await using other = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
    const before = await workerMetric(stack, cancelledBy('message'));
    const cancelledBefore = await workerMetric(stack, outcome('cancelled'));
    other.session.sendPartial({ segmentId: 1, revision: 0, text: 'hello' });
    speaker.session.sendPartial({ segmentId: 1, revision: 0, text: 'hello' });
    await engine.held(2);
    await speaker.session.sendFinal({ segmentId: 1, text: 'hello there' });
    await engine.when(({ aborted }) => aborted === 1);
    await engine.held(2);
    expect((await engine.held()).map(({ text }) => text).sort()).toEqual(['hello', 'hello there']);
    await engine.hold(false);
    await engine.release({ all: true });
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 1 } });
    expect(await other.waitForMessage(({ type }) => type === 'translation.partial')).toMatchObject({
      segmentId: 1,
      revision: 0,
    });
    expect(speaker.messages.filter(({ type }) => type === 'translation.partial')).toEqual([]);
    expect(await workerMetric(stack, cancelledBy('message'))).toBe(before + 1);
    expect(await workerMetric(stack, cancelledBy('renewal'))).toBe(cancelledByRenewal);
    expect(await workerMetric(stack, outcome('cancelled'))).toBe(cancelledBefore + 1);
  });

  it('is aborted when its target is removed, without affecting other targets', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), {
      sourceLanguage: 'en',
      targetLanguages: ['es', 'pt', 'pt-BR'],
    });
    const before = await workerMetric(stack, cancelledBy('message'));
    speaker.session.sendPartial({ segmentId: 0, revision: 0, text: 'hello' });
    await engine.held(3);
    speaker.session.update({ targetLanguages: ['es', 'pt-BR'] });
    await engine.when(({ aborted }) => aborted === 1);
    expect((await engine.held()).map(({ target }) => target).sort()).toEqual(['es', 'pt-BR']);
    speaker.session.sendPartial({ segmentId: 0, revision: 1, text: 'hello there' });
    await engine.held(4);
    expect((await engine.held()).map(({ target }) => target)).not.toContain('pt');
    expect((await engine.stats()).aborted).toBe(1);
    expect(await workerMetric(stack, cancelledBy('message'))).toBe(before + 1);
    expect(await workerMetric(stack, cancelledBy('renewal'))).toBe(cancelledByRenewal);
    await engine.hold(false);
    await engine.release({ all: true });
    expect(await speaker.end()).toMatchObject({ violations: [] });
  });

  it('is aborted when its session ends, without affecting other sessions', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
    await using other = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
    const before = await workerMetric(stack, cancelledBy('message'));
    speaker.session.sendPartial({ segmentId: 1, revision: 0, text: 'hello' });
    other.session.sendPartial({ segmentId: 1, revision: 0, text: 'hello' });
    await engine.held(2);
    await speaker.session.end();
    await engine.when(({ aborted }) => aborted === 1);
    expect(await engine.held()).toHaveLength(1);
    await engine.release({ all: true });
    expect(await other.waitForMessage(({ type }) => type === 'translation.partial')).toMatchObject({
      segmentId: 1,
      revision: 0,
    });
    expect(await workerMetric(stack, cancelledBy('message'))).toBe(before + 1);
    expect(await workerMetric(stack, cancelledBy('renewal'))).toBe(cancelledByRenewal);
  });
});
