import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStack, type TestStack } from './harness/index.ts';
import { startSpeaker } from './harness/speaker.ts';

describe('two workers and a marked engine', () => {
  let stack: TestStack;
  beforeAll(async () => (stack = await startStack({ workers: 2, env: { WORKERS: 'process' } })));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  it('I3: redeliver the finals of a killed worker, each once', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
    await stack.postToEngine('/debug/hold', { on: true });
    for (let segmentId = 0; segmentId < 20; segmentId++) {
      await speaker.session.sendFinal({ segmentId, text: `sentence ${segmentId}` });
    }
    await fetch(new URL('/debug/held?atLeast=20&timeoutMs=10000', stack.engine.url));
    stack.workers[0]?.child.kill();
    await stack.postToEngine('/debug/hold', { on: false });
    await stack.postToEngine('/debug/release', { all: true });
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 20, finalsFailed: 0 } });
  });

  it('I3: retry a final whose result Redis rejected', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
    const redis = stack.redis.connect();
    await stack.postToEngine('/debug/hold', { on: true });
    await speaker.session.sendFinal({ segmentId: 1, text: 'refused once' });
    await fetch(new URL('/debug/held?atLeast=1&timeoutMs=10000', stack.engine.url));
    const [pending = ''] = await redis.keys('{s:*}:pending');
    await redis.multi().rename(pending, `${pending}:kept`).set(pending, 'of another type').exec();
    await stack.postToEngine('/debug/hold', { on: false });
    await stack.postToEngine('/debug/release', { all: true });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await redis.rename(`${pending}:kept`, pending);
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 1 } });
  });

  it('requeue the finals of a stopping worker in time', async () => {
    await using waiting = await startStack({ workers: 1, env: { WORKERS: 'process', SHUTDOWN_TIMEOUT_MS: '1500' } });
    await using speaker = await startSpeaker(waiting.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
    await waiting.postToEngine('/debug/hold', { on: true });
    await speaker.session.sendFinal({ segmentId: 1, text: 'not done in time' });
    await fetch(new URL('/debug/held?atLeast=1&timeoutMs=10000', waiting.engine.url));
    expect(await waiting.workers[0]?.child.stop()).toMatchObject({ code: 0 });
    expect(await waiting.redis.connect().zcard('bull:{parley-final-0}:delayed')).toBe(1);
  });

  it('I3: report a failed final if the engine is down', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
    await stack.engine.child.stop();
    await speaker.session.sendFinal({ segmentId: 1, text: 'nobody translates this' });
    const failed = await speaker.waitForMessage((message) => message.type === 'translation.failed');
    expect(failed).toMatchObject({ segmentId: 1, targetLanguage: 'es', code: 'engine-unavailable' });
    expect(await speaker.end()).toMatchObject({ violations: [] });
  });
});
